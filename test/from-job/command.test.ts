import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCli } from '../support/built-cli';
import { folderWith } from '../support/folders';
import { training } from './fixtures';

jest.setTimeout(120_000);

const REQUEST = JSON.stringify(training());
const cwd = folderWith({ 'request.json': REQUEST, 'marked.json': `\ufeff${REQUEST}`, 'list.json': JSON.stringify([training(), training({ Tags: { team: 'a' } })]), 'folder/file.json': REQUEST });
/** Nobody is asked. */
const ENV = { AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null', AWS_EC2_METADATA_DISABLED: 'true', AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'y', AWS_ENDPOINT_URL: 'http://127.0.0.1:1' };
const fromJob = (...args: string[]) => runCli(cwd, ['from-job', ...args], { env: ENV });

test.each([
  [['digits', '--kind', 'Model'], '--kind goes with --request: what is there has a kind'],
  [['digits', '--kind', 'foo'], '--kind goes with --request: what is there has a kind'],
  [['--request', 'request.json', '--kind', 'foo'], '--kind must be one of Model, EndpointConfig, Endpoint, TrainingJob, HyperParameterTuningJob, TransformJob, got foo'],
  [['--request', 'request.json', '--local'], '--local is about what is there, which --request does not ask for'],
  [['--request', 'request.json', '--with-model'], '--with-model is about what is there, which --request does not ask for'],
  [['digits', '--request', 'request.json'], '--request says what is to be written: leave the name out'],
  [[], 'give the name of a job, or --request with a file'],
  [[''], '[job] must not be empty'],
  [['--request', ''], '--request must not be empty'],
  [['digits', '--state', '', '--local'], '--state must not be empty'],
  [['--request', 'request.json', '--output', ''], '--output must not be empty'],
  [['digits', '--region', ''], '--region must not be empty'],
])('%j is a wrong command line', async (args, message) => {
  expect(await fromJob(...args)).toEqual({ code: 2, out: '', err: `${message}\n` });
});

test.each([
  [['--request', 'request.json', '--output', 'nothing/x.ts'], '--output nothing/x.ts: no such folder'],
  [['--request', 'request.json', '--output', 'folder'], '--output folder: a folder, and no file'],
  [['--request', 'folder'], '--request folder: a folder, and no file'],
  [['--request', 'none.json'], '--request none.json: no such file'],
  [['--request', 'list.json'], 'list.json, entry 2: Tags must be a list, got {"team":"a"}'],
])('%j is said in words', async (args, message) => {
  expect(await fromJob(...args)).toEqual({ code: 1, out: '', err: `${message}\n` });
});

test('a file that begins with the mark of some editors is read, and the program is written to a file', async () => {
  const { out } = await fromJob('--request', 'request.json');
  expect(out).toContain('new TrainingJob(');
  expect(await fromJob('--request', 'marked.json', '--kind', 'TrainingJob', '--output', 'folder/x.ts')).toEqual({ code: 0, out: '', err: '' });
  expect(readFileSync(join(cwd, 'folder', 'x.ts'), 'utf8')).toBe(out);
});
