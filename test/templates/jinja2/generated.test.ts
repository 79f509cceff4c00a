import { expect, it } from '@jest/globals';
import { describeDifference, runGenerated } from './generator/run.ts';
import { noJinja2, pythonWithJinja2 } from './oracle.ts';
import { describeWith, required } from './tools.ts';

/** The checks of a commit render 20,000; without their tools a tenth shows that nothing broke lately. */
const count = Number(process.env.TEMPLATES ?? (required ? 20_000 : 2_000));
/** The same templates for every commit: what fails today did not pass yesterday. Others are there for the asking. */
const seed = Number(process.env.SEED ?? 2_078_500_000);

describeWith(pythonWithJinja2() !== undefined, noJinja2)('generated templates', () => {
  it(`render as Jinja2 renders them (SEED=${seed} TEMPLATES=${count})`, async () => {
    const { differences, rendered, refused, quirks } = await runGenerated(seed, count);
    expect(differences.map(describeDifference).join('\n\n')).toBe('');
    expect(rendered).toBe(count);
    expect(quirks).toBeLessThan(count / 500);
    // A generator that writes nothing but errors would find nothing.
    expect(refused).toBeLessThan(count / 2);
  }, 600_000);
});
