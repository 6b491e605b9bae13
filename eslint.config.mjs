// Style is the reader's business; what is enforced here is correctness and the direction of imports:
// props -> request -> template -> handler -> SDK (CONTRIBUTING.md).
import tseslint from 'typescript-eslint';

const wall = (files, message, patterns, options = {}) => ({
  files,
  ignores: options.ignores ?? [],
  rules: {
    '@typescript-eslint/no-restricted-imports': ['error', {
      patterns: patterns.map((group) => ({ group: [group].flat(), message, allowTypeImports: options.allowTypeImports ?? false })),
    }],
  },
});

export default tseslint.config(
  { ignores: ['dist/**', 'node_modules/**', '**/cdk.out/**', '.quickstart/**', '.cdk-sagemaker/**', 'coverage/**'] },
  {
    files: ['**/*.ts'],
    languageOptions: { parser: tseslint.parser },
    plugins: { '@typescript-eslint': tseslint.plugin },
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'prefer-const': 'error',
      'no-var': 'error',
      'eqeqeq': ['error', 'always', { null: 'ignore' }],
      'no-constant-condition': 'error',
      'no-fallthrough': 'error',
    },
  },
  wall(['lib/*.ts'], 'what a user writes knows neither the handler, nor the local AWS, nor the SDK', ['./handler/*', './local/*', './operate/*', './audit', './audit/*', './predictor', './predictor/*', '@aws-sdk/*', '@smithy/*']),
  wall(['lib/built-in/*.ts'], 'what a user writes knows neither the handler, nor the local AWS, nor the SDK', ['../handler/*', '../local/*', '../operate/*', '../predictor', '../predictor/*', '@aws-sdk/*', '@smithy/*']),
  wall(['lib/request/**/*.ts'], 'a request is made of values alone (SDK types by `import type`)', ['../template/*', '../handler/*', '../local/*']),
  wall(['lib/limits/**/*.ts'], 'limits are values, for a request and for the handler alike', ['aws-cdk-lib', 'aws-cdk-lib/*', 'constructs', '@aws-sdk/*', '../*']),
  wall(['lib/compliance/**/*.ts'], 'rules judge resources as the template has them', [['aws-cdk-lib', 'aws-cdk-lib/*'], 'constructs', '@aws-sdk/*', ['../*', '!../images', '!../request', '../request/*', '!../request/instance-type-warnings']]),
  wall(['lib/images/**/*.ts'], 'images are a table and what is read from it: nothing else is known but the domains of partitions', [['aws-cdk-lib', 'aws-cdk-lib/*'], 'constructs', '@aws-sdk/*', ['../*', '!../limits', '../limits/*', '!../limits/partitions']]),
  wall(['lib/template/**/*.ts'], 'a template knows the contract with the handler by `import type` only', ['../request/*', '../local/*', '../handler/*', '@aws-sdk/*'], { allowTypeImports: true }),
  wall(['lib/handler/**/*.ts'], 'the handler runs in Lambda: SDK, node and limits only', ['aws-cdk-lib', 'aws-cdk-lib/*', 'constructs', ['../*', '!../limits']]),
  wall(['lib/operate/**/*.ts'], 'what looks at jobs knows the SDK, the owner tags, the names of jobs and the facts of their kinds', ['aws-cdk-lib', 'aws-cdk-lib/*', 'constructs', ['../*', '!../handler', '../handler/*', '!../handler/contract', '!../template', '../template/*', '!../template/job-name', '!../limits', '../limits/*', '!../limits/job-kinds', '!../limits/approved-version', '!../limits/partitions']]),
  wall(['lib/predictor/**/*.ts'], 'what applications ask endpoints with knows the SDK of the runtime and nothing of the library', [['aws-cdk-lib', 'aws-cdk-lib/*'], 'constructs', '../*']),
  wall(['lib/from-job/**/*.ts'], 'requests become programs by pure functions: they know what the library makes of props and the domains of partitions, and neither the CDK nor the SDK', [['aws-cdk-lib', 'aws-cdk-lib/*'], 'constructs', '@aws-sdk/*', ['../*', '!../request', '../request/*', '!../request/archive-name', '!../request/built-in-algorithms', '!../request/built-in-rules', '!../request/framework-rows', '!../request/hyperparameter-rules', '!../request/python-spelling', '!../limits', '../limits/*', '!../limits/partitions']]),
  wall(['lib/request/archive-name.ts', 'lib/request/python-spelling.ts', 'lib/request/hyperparameter-rules.ts', 'lib/request/framework-rows.ts', 'lib/request/built-in-rules.ts', 'lib/request/built-in-algorithms.ts'], 'what from-job knows of requests is known without the CDK', [['aws-cdk-lib', 'aws-cdk-lib/*'], 'constructs', './checks', './python-text', './kinds'], { allowTypeImports: true }),
  wall(['lib/audit/**/*.ts'], 'an audit reads what is synthesized: it knows assemblies, the command line, and what templates write down', [['aws-cdk-lib', 'aws-cdk-lib/*'], 'constructs', '@aws-sdk/*', ['../*', '!../local', '../local/*', '!../local/assembly', '!../local/cli', '../local/cli/*', '!../local/cli/app', '!../local/cli/output', '!../limits', '../limits/*', '!../limits/partitions', '!../template', '../template/*', '!../template/need', '!../template/statement-text']]),
  wall(['lib/plan/**/*.ts'], 'a plan reads what is synthesized and what is deployed, by the rules of the handler: the SDK is what asks AWS for', [['aws-cdk-lib', 'aws-cdk-lib/*'], 'constructs', '@aws-sdk/*', '@smithy/*', '../template/*', '../operate/*', ['../predictor', '../predictor/*'], ['../handler/job-kinds', '../handler/*-job-kind', '../handler/sagemaker-jobs']], { ignores: ['lib/plan/aws-account.ts'] }),
  wall(['lib/plan/aws-account.ts'], 'what asks AWS knows what looks at jobs', [['aws-cdk-lib', 'aws-cdk-lib/*'], 'constructs', '@aws-sdk/*', '@smithy/*', '../template/*', ['../predictor', '../predictor/*']]),
  wall(['lib/template/need.ts', 'lib/template/statement-text.ts'], 'what an audit reads is known without the CDK', [['aws-cdk-lib', 'aws-cdk-lib/*'], 'constructs', '../*', './*']),
  wall(['lib/template/job-name.ts'], 'names of jobs are known without the CDK', [['aws-cdk-lib', 'aws-cdk-lib/*'], 'constructs', '../*', './names']),
  wall(['lib/local/**/*.ts'], 'the local AWS sees templates and the wire, never constructs', ['aws-cdk-lib', 'aws-cdk-lib/*', 'constructs', '../request/*', '../template/*', ['**/operate/*', '!**/operate/metrics'], ['**/predictor', '**/predictor/*']]),
);
