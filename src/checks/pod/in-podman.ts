/** A pod on this machine, played by Podman, which does not care whether it ever becomes ready. */
import {
  copyImage,
  type Engine,
  inspectContainer,
  inspectImage,
  playPod,
  removeImage,
  removePod,
} from '../../engine/index.ts';
import type { Subject } from '../check.ts';
import { containersOf, makePlayable, tcpPorts } from './definition.ts';
import { freePorts, type Played, type Playing, published } from './play.ts';
import { readProbe, waitUntilReady } from './probes.ts';

/** Plays the pod and waits until its probes say that it is ready. It is removed when the checks have ended. */
export async function playInPodman(podman: Engine, playing: Playing, subject: Subject): Promise<Played> {
  const { definition, container, name, readyMs } = playing;
  const { reference } = subject.image;
  const ports = await freePorts([...tcpPorts(definition), ...playing.ports]);
  const { text, volumes, secrets } = makePlayable(definition, { name, container, image: reference, ports });

  const held = await inspectImage(podman, reference);
  subject.cleanup(async (processes) => {
    const outliving = { ...podman, processes };
    await removePod(outliving, name, volumes, secrets);
    if (held === undefined) await removeImage(outliving, reference);
  });
  if (held === undefined) await copyImage(subject.engine, reference, podman);
  await playPod(podman, text, readyMs);

  const end = performance.now() + readyMs;
  const containers = await Promise.all(
    containersOf(definition.spec).map(async (written) => {
      const called = String(written.name);
      const state = await inspectContainer(podman, `${name}-${called}`);
      return { called, written, state: { ...state, ports: published(ports) } };
    }),
  );
  const wrong = await Promise.all(
    containers.map(async ({ called, written, state }) => {
      const probes = { startup: readProbe(written, 'startupProbe'), readiness: readProbe(written, 'readinessProbe') };
      const found = await waitUntilReady(podman, { ...subject, container: state }, probes, end);
      return found.map((what) => `container ${called}: ${what}`);
    }),
  );
  const tested = containers.find(({ called }) => called === container)?.state;
  return wrong.flat().length > 0 || tested === undefined ? wrong.flat() : tested;
}
