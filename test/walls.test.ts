import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(__dirname, '..');

/** What lint says of a file with this content at this path; in a process of its own, since eslint loads ES modules. */
function complaints(path: string, source: string): string[] {
  const script = `
    import { ESLint } from 'eslint';
    const [result] = await new ESLint().lintText(${JSON.stringify(source)}, { filePath: ${JSON.stringify(join(ROOT, path))} });
    console.log(JSON.stringify(result.messages.map((message) => message.ruleId)));`;
  return JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', script], { cwd: ROOT, encoding: 'utf8' })) as string[];
}

const WALL = '@typescript-eslint/no-restricted-imports';

describe('Lint', () => {
  test.each([
    ['a construct that knows the handler', 'lib/thing.ts', "import { step } from './handler/step';\nexport const x = step;"],
    ['a construct that loads the SDK', 'lib/thing.ts', "import { SageMakerClient } from '@aws-sdk/client-sagemaker';\nexport const x = SageMakerClient;"],
    ['an algorithm that loads the SDK', 'lib/built-in/thing.ts', "import { SageMakerClient } from '@aws-sdk/client-sagemaker';\nexport const x = SageMakerClient;"],
    ['a request that knows templates', 'lib/request/thing.ts', "import { namePrefix } from '../template/names';\nexport const x = namePrefix;"],
    ['images that know constructs', 'lib/images/thing.ts', "import { Stack } from 'aws-cdk-lib/core';\nexport const x = Stack;"],
    ['images that know requests', 'lib/images/thing.ts', "import { refuse } from '../request/checks';\nexport const x = refuse;"],
    ['rules that know constructs', 'lib/compliance/thing.ts', "import { Stack } from 'aws-cdk-lib/core';\nexport const x = Stack;"],
    ['rules that know templates', 'lib/compliance/thing.ts', "import { namePrefix } from '../template/names';\nexport const x = namePrefix;"],
    ['a template that runs the handler', 'lib/template/thing.ts', "import { OWNER_TAGS } from '../handler/contract';\nexport const x = OWNER_TAGS;"],
    ['a handler that loads the CDK', 'lib/handler/thing.ts', "import { Stack } from 'aws-cdk-lib';\nexport const x = Stack;"],
    ['a local AWS that knows constructs', 'lib/local/thing.ts', "import { Construct } from 'constructs';\nexport const x = Construct;"],
    ['a local AWS that calls the SDK to look at jobs', 'lib/local/thing.ts', "import { follow } from '../operate/follow';\nexport const x = follow;"],
    ['a command about jobs that knows constructs', 'lib/operate/thing.ts', "import { namePrefix } from '../template/names';\nexport const x = namePrefix;"],
    ['a command about jobs that knows the local AWS', 'lib/operate/thing.ts', "import { readServerInfo } from '../local/server-file';\nexport const x = readServerInfo;"],
    ['a command about jobs that knows what requests may be', 'lib/operate/thing.ts', "import { CONSTRAINTS } from '../limits/constraints';\nexport const x = CONSTRAINTS;"],
    ['an audit that loads the CDK', 'lib/audit/thing.ts', "import { Stack } from 'aws-cdk-lib/core';\nexport const x = Stack;"],
    ['an audit that writes down what it reads', 'lib/audit/thing.ts', "import { writeDown } from '../template/granted';\nexport const x = writeDown;"],
    ['an audit that starts the local AWS', 'lib/audit/thing.ts', "import { deploy } from '../local/cli/deploy';\nexport const x = deploy;"],
    ['a client of endpoints that loads the CDK', 'lib/predictor/thing.ts', "import { Stack } from 'aws-cdk-lib/core';\nexport const x = Stack;"],
    ['a client of endpoints that knows the library', 'lib/predictor/thing.ts', "import { refuse } from '../request/checks';\nexport const x = refuse;"],
    ['a construct that loads the client of endpoints', 'lib/thing.ts', "import { Predictor } from './predictor';\nexport const x = Predictor;"],
    ['a local AWS that loads the client of endpoints', 'lib/local/cli/thing.ts', "import { invoke } from '../../predictor/command';\nexport const x = invoke;"],
    ['names of jobs that need the CDK', 'lib/template/job-name.ts', "import { Stack } from 'aws-cdk-lib/core';\nexport const x = Stack;"],
  ])('refuses %s', (_what, path, source) => {
    expect(complaints(path, source)).toEqual([WALL]);
  });

  test('lets commands about jobs know the names and kinds of jobs and the tags of their owners', () => {
    expect(complaints('lib/operate/thing.ts', "import { OWNER_TAGS } from '../handler/contract';\nimport { JOB_KIND_FACTS } from '../limits/job-kinds';\nimport { isJobOf } from '../template/job-name';\nexport const x = [OWNER_TAGS, JOB_KIND_FACTS, isJobOf];")).toEqual([]);
  });

  test('lets a template know the contract by its types', () => {
    expect(complaints('lib/template/thing.ts', "import type { JobProperties } from '../handler/contract';\nexport type X = JobProperties;")).toEqual([]);
  });
});
