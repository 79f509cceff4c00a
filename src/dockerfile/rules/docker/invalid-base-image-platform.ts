import { parsePlatform } from '../../platforms.ts';
import { expandValue, globalValues, neededStages, stageNamed } from '../../upstreams.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule = {
  id: 'InvalidBaseImagePlatform',
  severity: 'warning',
  summary: 'An image for another platform does not run, or runs slowly under emulation',
  bad: 'FROM ghcr.io/acme/tools:arm64\nRUN make',
  good: 'FROM ghcr.io/acme/tools:amd64\nRUN make',
  example: {
    note: 'the image is built for `linux/amd64`, and the tag says what the base is for.',
    bases: {
      'ghcr.io/acme/tools:arm64': { environment: {}, platform: 'linux/arm64' },
      'ghcr.io/acme/tools:amd64': { environment: {}, platform: 'linux/amd64' },
    },
  },
  check({ dockerfile, image, baseConfig }) {
    const [platform = 'linux/amd64'] = image.platforms;
    const globals = globalValues(dockerfile, image.buildArgs, platform, image.target);
    const stages =
      image.target === undefined
        ? dockerfile.stages
        : neededStages(dockerfile, image.buildArgs, image.target, platform);
    return stages.flatMap((stage) => {
      const reference = expandValue(dockerfile.escape, stage.base.text, globals);
      const own =
        stageNamed(dockerfile, reference, stage.index) === undefined ? baseConfig(reference)?.platform : undefined;
      const wanted = stage.platform === undefined ? platform : expandValue(dockerfile.escape, stage.platform, globals);
      const [is, should] = [parsePlatform(own ?? ''), parsePlatform(wanted)];
      if (is === undefined || should === undefined) return [];
      if (is.os === should.os && is.architecture === should.architecture) return [];
      const { line, column } = stage.base;
      return [{ line, column, message: `'${reference}' is an image for ${own}, not for ${wanted}` }];
    });
  },
};
