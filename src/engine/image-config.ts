/** The configuration of an image as the engine knows it. */
import { fail } from '../problems.ts';
import { demand, type Engine } from './engine.ts';

/** Parts of an OCI image configuration: https://github.com/opencontainers/image-spec/blob/v1.1.0/config.md */
export interface EngineImageConfig {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
  readonly config: Readonly<Record<string, unknown>> & { readonly Labels?: Readonly<Record<string, string>> | null };
}

interface Facts {
  readonly Os?: string;
  readonly Architecture?: string;
  readonly Variant?: string;
  readonly Config?: EngineImageConfig['config'] | null;
}

/** @throws ProblemsError when the engine does not have the image */
export async function inspectConfig(engine: Engine, reference: string): Promise<EngineImageConfig> {
  const [facts]: Facts[] = JSON.parse(await demand(engine, `looking at ${reference}`, ['image', 'inspect', reference]));
  if (facts?.Os === undefined || facts.Architecture === undefined)
    return fail(`the engine does not say which platform ${reference} is for`);
  return {
    os: facts.Os,
    architecture: facts.Architecture,
    ...(facts.Variant === undefined || facts.Variant === '' ? {} : { variant: facts.Variant }),
    config: facts.Config ?? {},
  };
}
