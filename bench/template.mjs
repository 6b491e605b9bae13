// Bytes of a template for each job, against a raw CfnResource with the same request; and how many jobs fit in a stack: `node bench/template.mjs`.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { figure, require, show } from './harness.mjs';
process.env.CDK_VALIDATION = 'false';
import { bytesPerJob, fullStack } from './template-figures.mjs';

const { library, raw } = bytesPerJob(require, (app) => template(app, 'Bench'));
const full = fullStack(require, (app) => template(app, 'Full'));
const ratio = library / raw;

function template(App, name) {
  const outdir = mkdtempSync(join(tmpdir(), 'bench-template-'));
  try {
    App(outdir).synth();
    return readFileSync(join(outdir, `${name}.template.json`), 'utf8');
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

show('Templates', [
  figure('bytes of a job, against a raw CfnResource with the same request', ratio.toFixed(2), 'at most 1.15 x', ratio <= 1.15, ' x'),
  figure('a job and what awaits it', library.toFixed(0), '', undefined, ' bytes'),
  figure('resources of 120 jobs with roles of their own and one waiting segment each', full.resources, 'at most 500', full.resources <= 500),
  figure('bytes of that template', full.bytes, 'at most 1,000,000', full.bytes <= 1_000_000),
  figure('bytes of the handler\'s policy in it', full.policyBytes, 'at most 10,240', full.policyBytes <= 10_240),
]);
