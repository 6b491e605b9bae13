import { Function as LambdaFunction, Code, Runtime } from 'aws-cdk-lib/aws-lambda';
import { AccountPrincipal, AnyPrincipal, ArnPrincipal, CompositePrincipal, Effect, CfnPolicy, CfnRole, ManagedPolicy, Policy, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { App, CfnCondition, CfnParameter, CfnResource, Fn, NestedStack, PhysicalName, Stack, Stage } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { DataSource, OutputLocation } from 'cdk-sagemaker';
import type { AuditedRole, AuditedStatement } from '../../lib/audit/audit';
import { assemblyWith, ENV, lackingOf, roleAt, rolesIn, rolesOfStack, unexplainedOf } from '../support/audited-app';
import { needsIn } from '../support/policy';
import { trainingIn } from '../support/stacks';

/** The statements of a role that are about an action, with their reasons in short. */
const about = ({ statements }: AuditedRole, action: string) => statements.filter(({ actions }) => actions.includes(action)).map(({ resources, reasons, unexplained }) => ({
  resources, reasons: reasons.map(({ construct, prop }) => `${construct} ${prop}`), unexplained: unexplained.map((each) => `${each.action} on ${each.resource}`),
}));

const inMinimizedStack = (build: (stack: Stack) => void) => rolesIn(assemblyWith((app) => {
  app.node.setContext('@aws-cdk/aws-iam:minimizePolicies', true);
  build(new Stack(app, 'Digits', ENV));
}));

const sagemaker = new ServicePrincipal('sagemaker.amazonaws.com');

describe('The audit of a stack', () => {
  test('names the construct and the prop that need a statement, and resources by their constructs', () => {
    const role = roleAt(rolesOfStack((stack) => trainingIn(stack, { inputs: { train: DataSource.fromBucket(new Bucket(stack, 'Data'), 'train/') } })), 'Digits/Train/Role');
    expect(about(role, 's3:GetObject')).toContainEqual({ resources: ['${Digits/Data.Arn}/train/*'], reasons: ['Digits/Train inputs.train'], unexplained: [] });
  });

  test('tells the reasons of a statement apart that the CDK has merged', () => {
    const roles = inMinimizedStack((stack) => {
      const data = new Bucket(stack, 'Data');
      trainingIn(stack, { inputs: { train: DataSource.fromBucket(data, 'train/'), test: DataSource.fromBucket(data, 'test/') } });
    });
    expect(about(roleAt(roles, 'Digits/Train/Role'), 's3:GetObject')).toEqual([{
      resources: ['${Digits/Data.Arn}/test/*', '${Digits/Data.Arn}/train/*'], reasons: ['Digits/Train inputs.test', 'Digits/Train inputs.train'], unexplained: [],
    }]);
    expect(unexplainedOf(roles)).toEqual([]);
  });

  test('says of what the app has granted that no prop needs it, with the policy it is in', () => {
    const role = roleAt(rolesOfStack((stack) => { new Bucket(stack, 'Other').grantDelete(trainingIn(stack)); }), 'Digits/Train/Role');
    expect(role.statements.filter(({ actions }) => actions.includes('s3:DeleteObject*'))).toEqual([{
      effect: 'Allow', actions: ['s3:DeleteObject*'], resources: ['${Digits/Other.Arn}/*'], policy: 'Digits/Train/Role/DefaultPolicy', reasons: [],
      unexplained: [{ action: 's3:DeleteObject*', resource: '${Digits/Other.Arn}/*' }], why: undefined,
    }]);
  });

  test('says which part of a merged statement no prop needs', () => {
    const roles = inMinimizedStack((stack) => {
      const data = new Bucket(stack, 'Data');
      const job = trainingIn(stack, { inputs: { train: DataSource.fromBucket(data, 'train/') } });
      job.role.addToPrincipalPolicy(new PolicyStatement({ actions: ['s3:GetObject'], resources: [data.arnForObjects('secret/*')] }));
    });
    expect(about(roleAt(roles, 'Digits/Train/Role'), 's3:GetObject')).toEqual([expect.objectContaining({ reasons: ['Digits/Train inputs.train'], unexplained: ['s3:GetObject on ${Digits/Data.Arn}/secret/*'] })]);
  });

  test('takes an action under other conditions for another', () => {
    const roles = rolesOfStack((stack) => {
      trainingIn(stack).role.addToPrincipalPolicy(new PolicyStatement({ actions: ['cloudwatch:PutMetricData'], resources: ['*'] }));
    });
    expect(about(roleAt(roles, 'Digits/Train/Role'), 'cloudwatch:PutMetricData').map(({ unexplained }) => unexplained)).toEqual([[], ['cloudwatch:PutMetricData on *']]);
  });

  test('says that a condition names the name space of figures where one does', () => {
    const roles = rolesOfStack((stack) => {
      const { role } = trainingIn(stack);
      const figures = { actions: ['cloudwatch:PutMetricData'], resources: ['*'] };
      role.addToPrincipalPolicy(new PolicyStatement(figures));
      role.addToPrincipalPolicy(new PolicyStatement({ ...figures, conditions: { StringLike: { 'cloudwatch:namespace': '*' } } }));
    });
    const [named, none] = ['the condition names the name space', 'no condition names a name space'].map((text) => `the action has no resources; ${text}`);
    expect(roleAt(roles, 'Digits/Train/Role').statements.filter(({ actions }) => actions.includes('cloudwatch:PutMetricData')).map(({ why }) => why)).toEqual([named, none, none]);
  });

  test.each([
    ['an access point', 'AWS::S3::AccessPoint', 'Policy'],
    ['an access point of object Lambda', 'AWS::S3ObjectLambda::AccessPointPolicy', 'PolicyDocument'],
    ['a replica of a key', 'AWS::KMS::ReplicaKey', 'KeyPolicy'],
    ['a file system', 'AWS::EFS::FileSystem', 'FileSystemPolicy'],
  ])('has the statements of %s that are about a role', (_what, type, member) => {
    const roles = rolesOfStack((stack) => {
      const { role } = trainingIn(stack);
      new CfnResource(stack, 'Shared', { type, properties: { [member]: { Statement: [{ Effect: 'Allow', Principal: { AWS: role.roleArn }, Action: 's3:DeleteObject', Resource: '*' }] } } });
    });
    expect(unexplainedOf(roles)).toEqual(['Digits/Train/Role: s3:DeleteObject on *']);
  });

  test('takes a denial, and all actions but some, for what they are', () => {
    const roles = rolesOfStack((stack) => {
      const { role } = trainingIn(stack);
      role.addToPrincipalPolicy(new PolicyStatement({ effect: Effect.DENY, actions: ['ecr:GetAuthorizationToken'], resources: ['*'] }));
      role.addToPrincipalPolicy(new PolicyStatement({ notActions: ['iam:*'], notResources: ['arn:aws:s3:::b', 'arn:aws:s3:::a'] }));
    });
    expect(unexplainedOf(roles)).toEqual(['Digits/Train/Role: ecr:GetAuthorizationToken on *', 'Digits/Train/Role: all but iam:* on all but arn:aws:s3:::a, arn:aws:s3:::b']);
  });

  test('takes what a condition of the template chooses for needed by nothing', () => {
    const roles = rolesOfStack((stack) => {
      const { role } = trainingIn(stack);
      const resource = role.node.findChild('DefaultPolicy').node.defaultChild as CfnResource;
      resource.addPropertyOverride('PolicyDocument.Statement.0', Fn.conditionIf('IsLarge', { Effect: 'Allow', Action: 's3:*', Resource: '*' }, { Ref: 'AWS::NoValue' }));
      new CfnCondition(stack, 'IsLarge', { expression: Fn.conditionEquals(Fn.ref('AWS::Region'), 'eu-west-1') });
    });
    expect(unexplainedOf(roles).map((text) => text.slice(0, 40))).toEqual(['Digits/Train/Role: {"Fn::If":["IsLarge",']);
  });

  test('says who may take a role, and within which boundary', () => {
    const roles = rolesOfStack((stack) => {
      const boundary = ManagedPolicy.fromManagedPolicyName(stack, 'Boundary', 'at-most');
      trainingIn(stack, { role: new Role(stack, 'Mine', { assumedBy: new CompositePrincipal(sagemaker, new AccountPrincipal('210987654321')), permissionsBoundary: boundary }) });
    });
    const { trust, permissionsBoundary } = roleAt(roles, 'Digits/Mine');
    expect(trust.flatMap(({ principals }) => principals)).toEqual(['sagemaker.amazonaws.com', 'arn:${AWS::Partition}:iam::210987654321:root']);
    expect(permissionsBoundary).toBe('arn:${AWS::Partition}:iam::123456789012:policy/at-most');
  });

  test('names policies that are there already, and opens those that the app makes', () => {
    const roles = rolesOfStack((stack) => {
      const own = new ManagedPolicy(stack, 'Own', { statements: [new PolicyStatement({ actions: ['s3:ListAllMyBuckets'], resources: ['*'] })] });
      trainingIn(stack, { role: new Role(stack, 'Mine', { assumedBy: sagemaker, managedPolicies: [own, ManagedPolicy.fromAwsManagedPolicyName('ReadOnlyAccess')] }) });
    });
    const role = roleAt(roles, 'Digits/Mine');
    expect(role.managedPolicies).toEqual(['arn:${AWS::Partition}:iam::aws:policy/ReadOnlyAccess']);
    expect(role.statements.filter(({ policy }) => policy === 'Digits/Own')).toHaveLength(1);
  });

  test('has the statements of a bucket that are about a role', () => {
    const roles = rolesOfStack((stack) => {
      const { role } = trainingIn(stack);
      new Bucket(stack, 'Data').addToResourcePolicy(new PolicyStatement({ effect: Effect.DENY, principals: [new ArnPrincipal(role.roleArn)], actions: ['s3:DeleteObject'], resources: ['*'] }));
    });
    expect(roleAt(roles, 'Digits/Train/Role').statements.filter(({ effect }) => effect === 'Deny')).toEqual([expect.objectContaining({ policy: 'Digits/Data/Policy', principals: ['${Digits/Train/Role.Arn}'] })]);
  });

  test('says what is needed and allowed no more', () => {
    const roles = rolesOfStack((stack) => {
      const { role } = trainingIn(stack, { output: OutputLocation.fromBucket(new Bucket(stack, 'Out'), 'models/') });
      (role.node.findChild('DefaultPolicy').node.defaultChild as CfnResource).addPropertyOverride('PolicyDocument.Statement', []);
    });
    expect(lackingOf(roles)).toContain('Digits/Train/Role: s3:PutObject,s3:AbortMultipartUpload on ${Digits/Out.Arn}/models/* (Digits/Train output)');
  });

  test('is the same for the same app', () => {
    const build = () => rolesOfStack((stack) => trainingIn(stack).toModel('Model').deploy('Endpoint', { instanceType: 'ml.m5.large' }));
    expect(JSON.stringify(build())).toBe(JSON.stringify(build()));
  });
});

describe('Of the roles of the function and of what waits', () => {
  const roles = rolesOfStack((stack) => {
    const given = Role.fromRoleArn(stack, 'Given', 'arn:aws:iam::123456789012:role/given');
    trainingIn(stack).toModel('Model').deploy('Endpoint', { instanceType: 'ml.m5.large' });
    trainingIn(new Construct(stack, 'Other') as Stack, { role: given });
  });
  const handler = roleAt(roles, 'Digits/SageMakerJobProvider/HandlerRole');

  test('every statement has a reason', () => expect(unexplainedOf(roles)).toEqual([]));

  test('a job is why it may be launched', () => {
    expect(about(handler, 'sagemaker:CreateTrainingJob')[0].reasons).toEqual(['Digits/Train is launched, awaited and stopped', 'Digits/Other/Train is launched, awaited and stopped']);
  });

  test('the role that a job was given is passed because of that job alone', () => {
    expect(about(handler, 'iam:PassRole')[0].reasons).toContain('Digits/Other/Train role');
    expect(about(handler, 'iam:PassRole')[0].reasons).not.toContain('Digits/Train role');
  });

  test('an endpoint is why it is looked at', () => {
    expect(about(handler, 'sagemaker:DescribeEndpoint')[0].reasons).toEqual(['Digits/Train/Model/Endpoint is looked at after each deployment']);
  });

  test('the function is what the state machine asks', () => {
    expect(about(roleAt(roles, 'Digits/SageMakerJobProvider/WaiterRole'), 'lambda:InvokeFunction')).toEqual([
      { resources: ['${Digits/SageMakerJobProvider/Handler.Arn}'], reasons: ['Digits/SageMakerJobProvider asks the function for the next step'], unexplained: [] },
    ]);
  });
});

describe('Across stacks', () => {
  test('a role of one stack is needed by a job of another, for data of a third', () => {
    const folder = assemblyWith((app) => {
      const data = new Bucket(new Stack(app, 'Storage', ENV), 'Data');
      const role = new Role(new Stack(app, 'Access', ENV), 'Jobs', { assumedBy: sagemaker });
      trainingIn(new Stack(app, 'Digits', ENV), { role, inputs: { train: DataSource.fromBucket(data, 'train/') }, output: OutputLocation.fromBucket(data, 'models/') });
    });
    const role = roleAt(rolesIn(folder), 'Access/Jobs');
    expect(about(role, 's3:GetObject')).toContainEqual({ resources: ['${Storage/Data.Arn}/train/*'], reasons: ['Digits/Train inputs.train'], unexplained: [] });
    expect(unexplainedOf(rolesIn(folder))).toEqual([]);
    expect(lackingOf(rolesIn(folder))).toEqual([]);
  });

  test('what has the same logical id in two stacks is not confused', () => {
    const folder = assemblyWith((app) => {
      const data = new Bucket(new Stack(app, 'Storage', ENV), 'Data');
      const role = new Role(new Stack(app, 'Access', ENV), 'Jobs', { assumedBy: sagemaker });
      const stack = new Stack(app, 'Digits', ENV);
      new Policy(stack, 'Extra', { roles: [role], statements: [new PolicyStatement({ actions: ['s3:GetObject'], resources: [new Bucket(stack, 'Data').arnForObjects('train/*')] })] });
      trainingIn(stack, { role, inputs: { train: DataSource.fromBucket(data, 'train/') }, output: OutputLocation.fromBucket(data, 'models/') });
    });
    const role = roleAt(rolesIn(folder), 'Access/Jobs');
    expect(about(role, 's3:GetObject')).toEqual(expect.arrayContaining([
      { resources: ['${Storage/Data.Arn}/train/*'], reasons: ['Digits/Train inputs.train'], unexplained: [] },
      { resources: ['${Digits/Data.Arn}/train/*'], reasons: [], unexplained: ['s3:GetObject on ${Digits/Data.Arn}/train/*'] },
    ]));
    expect(lackingOf(rolesIn(folder))).toEqual([]);
  });

  test('nor is what a nested stack and its parent both have', () => {
    const roles = rolesOfStack((stack) => {
      const jobs = new NestedStack(stack, 'Jobs');
      new Bucket(jobs, 'Data');
      trainingIn(jobs, { inputs: { train: DataSource.fromBucket(new Bucket(stack, 'Data'), 'train/') } });
    });
    expect(about(roleAt(roles, 'Digits/Jobs/Train/Role'), 's3:GetObject')).toContainEqual({ resources: ['${Digits/Data.Arn}/train/*'], reasons: ['Digits/Jobs/Train inputs.train'], unexplained: [] });
    expect([...unexplainedOf(roles), ...lackingOf(roles)]).toEqual([]);
  });

  test('owners are written down of what is in another stack alone', () => {
    const app = new App();
    const data = new Bucket(new Stack(app, 'Storage', ENV), 'Data');
    const role = new Role(new Stack(app, 'Access', ENV), 'Jobs', { assumedBy: sagemaker });
    const stack = new Stack(app, 'Digits', ENV);
    trainingIn(stack, { role, inputs: { train: DataSource.fromBucket(data, 'train/'), test: DataSource.fromBucket(new Bucket(stack, 'Own'), 'test/') } });
    const owners = needsIn(stack).map(({ prop, owners: of }) => [prop, of]);
    expect(owners).toContainEqual(['inputs.train', { [stack.resolve((data.node.defaultChild as CfnResource).logicalId)]: 'Storage/Data/Resource' }]);
    expect(owners.filter(([prop, of]) => prop !== 'inputs.train' && !String(prop).startsWith('is ') && of !== undefined)).toEqual([]);
  });

  test('roles of the stacks that are asked for are told, with what is known from others', () => {
    const folder = assemblyWith((app) => {
      const access = new Stack(app, 'Access', ENV);
      const role = new Role(access, 'Jobs', { assumedBy: sagemaker });
      trainingIn(new Stack(app, 'Digits', ENV), { role, output: OutputLocation.fromBucket(new Bucket(access, 'Out')) });
    });
    expect(rolesIn(folder, (path) => path === 'Access').map(({ path }) => path)).toEqual(['Access/Jobs']);
    expect(unexplainedOf(rolesIn(folder, (path) => path === 'Access'))).toEqual([]);
  });

  test('a nested stack is one of its parent, whose bucket it reads', () => {
    const folder = assemblyWith((app) => {
      const stack = new Stack(app, 'Digits', ENV);
      const data = new Bucket(stack, 'Data');
      trainingIn(new NestedStack(stack, 'Jobs'), { inputs: { train: DataSource.fromBucket(data, 'train/') }, output: OutputLocation.fromBucket(data, 'models/') });
    });
    const roles = rolesIn(folder);
    expect(about(roleAt(roles, 'Digits/Jobs/Train/Role'), 's3:GetObject')).toContainEqual({ resources: ['${Digits/Data.Arn}/train/*'], reasons: ['Digits/Jobs/Train inputs.train'], unexplained: [] });
    expect(unexplainedOf(roles)).toEqual([]);
    expect(lackingOf(roles)).toEqual([]);
  });

  test('a parent may use the role of its nested stack', () => {
    const roles = rolesOfStack((stack) => {
      const role = new Role(new NestedStack(stack, 'Access'), 'Jobs', { assumedBy: sagemaker });
      trainingIn(stack, { role, inputs: { train: DataSource.fromBucket(new Bucket(stack, 'Data'), 'train/') } });
    });
    expect(about(roleAt(roles, 'Digits/Access/Jobs'), 's3:GetObject')).toContainEqual({ resources: ['${Digits/Data.Arn}/train/*'], reasons: ['Digits/Train inputs.train'], unexplained: [] });
    expect(unexplainedOf(roles)).toEqual([]);
  });

  test('stacks of a stage have their paths', () => {
    const folder = assemblyWith((app) => { trainingIn(new Stack(new Stage(app, 'Prod', ENV), 'Digits')); });
    expect(rolesIn(folder).map(({ path, stack }) => [path, stack])).toContainEqual(['Prod/Digits/Train/Role', 'Prod/Digits']);
    expect(unexplainedOf(rolesIn(folder))).toEqual([]);
  });

  test('a bucket of another account lets the role in because of the same prop', () => {
    const folder = assemblyWith((app) => {
      const data = new Bucket(new Stack(app, 'Storage', { env: { account: '210987654321', region: 'us-east-1' } }), 'Data', { bucketName: 'data-of-another-account' });
      const stack = new Stack(app, 'Digits', ENV);
      const role = new Role(stack, 'Jobs', { assumedBy: sagemaker, roleName: PhysicalName.GENERATE_IF_NEEDED });
      trainingIn(stack, { role, inputs: { train: DataSource.fromBucket(data, 'train/') } });
    });
    expect(unexplainedOf(rolesIn(folder))).toEqual([]);
  });
});

describe('A role that was made elsewhere', () => {
  const ARN = 'arn:aws:iam::123456789012:role/given';
  const rolesWith = (build: (stack: Stack, role: ReturnType<typeof Role.fromRoleArn>) => void) => rolesOfStack((stack) => {
    const role = Role.fromRoleArn(stack, 'Given', ARN);
    trainingIn(stack, { role, inputs: { train: DataSource.fromBucket(new Bucket(stack, 'Data'), 'train/') } });
    build(stack, role);
  });

  test('is told with its ARN and what it must be allowed, since nothing is attached to it', () => {
    const role = roleAt(rolesWith(() => undefined), 'Digits/Given');
    expect(role).toMatchObject({ arn: ARN, statements: [] });
    expect(role.stack).toBeUndefined();
    expect(role.lacking.map(({ statement, reasons }) => [statement.actions.join(), statement.resources.join(), reasons[0].prop])).toContainEqual(['s3:GetObject', '${Digits/Data.Arn}/train/*', 'inputs.train']);
  });

  test('has what the app attaches to it all the same', () => {
    const role = roleAt(rolesWith((_stack, given) => { given.addToPrincipalPolicy(new PolicyStatement({ actions: ['s3:GetBucketLocation'], resources: ['*'] })); }), 'Digits/Given');
    expect(role.statements.map(({ actions, unexplained }) => [actions, unexplained.length])).toEqual([[['s3:GetBucketLocation'], 1]]);
  });

  test('is the same when the app makes it and has it left alone', () => {
    const roles = rolesOfStack((stack) => {
      const role = new Role(stack, 'Kept', { assumedBy: sagemaker });
      trainingIn(stack, { role: role.withoutPolicyUpdates(), inputs: { train: DataSource.fromBucket(new Bucket(stack, 'Data'), 'train/') } });
    });
    const role = roleAt(roles, 'Digits/Kept');
    expect(role.statements).toEqual([]);
    expect(role.lacking.map(({ reasons }) => reasons[0].prop)).toContain('inputs.train');
  });
});

describe('A caller of an endpoint', () => {
  const roles = rolesOfStack((stack) => {
    const endpoint = trainingIn(stack).toModel('Model').deploy('Endpoint', { instanceType: 'ml.m5.large' });
    endpoint.grantInvoke(new LambdaFunction(stack, 'Caller', { runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code: Code.fromInline('exports.handler = () => 1;') }));
  });
  const role = roleAt(roles, 'Digits/Caller/ServiceRole');

  test('has the grant that was asked for', () => {
    const asked = role.statements.filter(({ actions }: AuditedStatement) => actions.includes('sagemaker:InvokeEndpoint'));
    expect(asked.flatMap(({ reasons }) => reasons)).toEqual([{ construct: 'Digits/Train/Model/Endpoint', prop: 'grantInvoke' }]);
  });

  test('is the app\'s, whatever else it may do', () => expect(role.isOfLibrary).toBe(false));
});

describe('Who may take a role', () => {
  const account = { 'aws:SourceAccount': '123456789012' };
  const unexplainedWith = (...statements: PolicyStatement[]) => unexplainedOf(rolesOfStack((stack) => (trainingIn(stack).role as Role).assumeRolePolicy!.addStatements(...statements)));
  const given = (principal: ServicePrincipal | AccountPrincipal | CompositePrincipal) => unexplainedOf(rolesOfStack((stack) => trainingIn(stack, { role: new Role(stack, 'Mine', { assumedBy: principal }) })));
  const takes = (principal: AnyPrincipal | ServicePrincipal, actions = ['sts:AssumeRole'], conditions?: { [operator: string]: object }) => new PolicyStatement({ principals: [principal], actions, conditions });

  test('is the service for its account, which hands session tags on', () => {
    expect(unexplainedOf(rolesOfStack((stack) => trainingIn(stack, { sessionTagChaining: true })))).toEqual([]);
    expect(unexplainedWith(takes(sagemaker, ['sts:AssumeRole', 'sts:TagSession'], { StringEquals: { ...account, 'aws:PrincipalOrgID': 'o-1' } }))).toEqual([]);
  });

  test.each([
    ['everybody', [takes(new AnyPrincipal())], '* does sts:AssumeRole'],
    ['another service', [takes(new ServicePrincipal('ec2.amazonaws.com'))], 'ec2.amazonaws.com does sts:AssumeRole'],
    ['the service for any account', [takes(sagemaker)], 'sagemaker.amazonaws.com does sts:AssumeRole'],
    ['the service for another account', [takes(sagemaker, undefined, { StringEquals: { 'aws:SourceAccount': '210987654321' } })], 'sagemaker.amazonaws.com does sts:AssumeRole'],
    ['the service for all accounts but one', [takes(sagemaker, undefined, { StringNotEquals: account })], 'sagemaker.amazonaws.com does sts:AssumeRole'],
    ['the service with another action', [takes(sagemaker, ['sts:SetSourceIdentity'], { StringEquals: account })], 'sagemaker.amazonaws.com does sts:SetSourceIdentity'],
    ['all but one', [new PolicyStatement({ notPrincipals: [new ServicePrincipal('ec2.amazonaws.com')], actions: ['sts:AssumeRole'] })], ' does sts:AssumeRole'],
  ])('is unexplained for %s', (_who, statements, expected) => expect(unexplainedWith(...statements)).toEqual([`Digits/Train/Role: ${expected}`]));

  test('may be left open for the service by a role that was given, and for nobody else', () => {
    expect(given(sagemaker)).toEqual([]);
    expect(given(new CompositePrincipal(sagemaker, new AccountPrincipal('210987654321')))).toEqual(['Digits/Mine: arn:${AWS::Partition}:iam::210987654321:root does sts:AssumeRole']);
  });

  test('is the app\'s own affair where a role is not for jobs', () => {
    const roles = rolesOfStack((stack) => { new Role(stack, 'Operator', { assumedBy: new AnyPrincipal() }); });
    expect(roleAt(roles, 'Digits/Operator').trust).toEqual([{ effect: 'Allow', actions: ['sts:AssumeRole'], resources: [], principals: ['*'] }]);
  });

  test.each([['HandlerRole'], ['WaiterRole']])('is unexplained where others take the %s', (name) => {
    const roles = rolesOfStack((stack) => {
      trainingIn(stack);
      const role = stack.node.findChild('SageMakerJobProvider').node.findChild(name) as CfnResource;
      role.addPropertyOverride('AssumeRolePolicyDocument.Statement.1', { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'sagemaker.amazonaws.com' } });
    });
    expect(unexplainedOf(roles)).toEqual([`Digits/SageMakerJobProvider/${name}: sagemaker.amazonaws.com does sts:AssumeRole`]);
  });
});

describe('A policy that is attached by other than a reference', () => {
  const statement = new PolicyStatement({ actions: ['s3:ListAllMyBuckets'], resources: ['*'] });
  const policyFor = (stack: Stack, ...roles: string[]) => new CfnPolicy(stack, 'Extra', { policyName: 'extra', policyDocument: new PolicyDocument({ statements: [statement] }), roles });
  const roleOf = (job: ReturnType<typeof trainingIn>) => job.role.node.defaultChild as CfnRole;
  const unexplainedWith = (build: (stack: Stack) => void) => unexplainedOf(rolesOfStack(build));
  const mine = (stack: Stack) => { trainingIn(stack, { role: new Role(stack, 'Mine', { assumedBy: sagemaker, roleName: 'fixed' }) }); };

  test('is the role\'s of that name', () => {
    expect(unexplainedWith((stack) => { mine(stack); policyFor(stack, 'fixed'); })).toEqual(['Digits/Mine: s3:ListAllMyBuckets on *']);
  });

  test('is not the role\'s of that name in another account', () => {
    const folder = assemblyWith((app) => {
      mine(new Stack(app, 'Digits', ENV));
      policyFor(new Stack(app, 'Other', { env: { region: 'us-east-1', account: '210987654321' } }), 'fixed');
    });
    expect(unexplainedOf(rolesIn(folder))).toEqual([]);
  });

  test.each<[string, (role: CfnRole) => string]>([
    ['the part of its ARN after the path', ({ attrArn, path }) => Fn.select(path!.split('/').length - 1, Fn.split('/', attrArn))],
    ['all of its ARN after `role` and the path', ({ attrArn, path }) => Fn.select(1, Fn.split(`:role${path}`, attrArn))],
    ['an item of a list', ({ ref }) => Fn.select(0, [ref])],
  ])('is the role\'s of which it has %s', (_what, name) => {
    expect(unexplainedWith((stack) => { policyFor(stack, name(roleOf(trainingIn(stack)))); })).toEqual(['Digits/Train/Role: s3:ListAllMyBuckets on *']);
  });

  test('could be any role\'s where that is known at deployment only', () => {
    const roles = rolesOfStack((stack) => {
      trainingIn(stack);
      policyFor(stack, new CfnParameter(stack, 'Name').valueAsString, Fn.select(0, Fn.split(',', new CfnParameter(stack, 'Names').valueAsString)));
    });
    expect(roleAt(roles, 'Digits/Extra')).toMatchObject({ attachedTo: ['${Name}', '{"Fn::Select":[0,{"Fn::Split":[",",{"Ref":"Names"}]}]}'], isOfLibrary: true });
    expect(unexplainedOf(roles)).toEqual(['Digits/Extra: s3:ListAllMyBuckets on *']);
  });

  test('is told of a role that was made elsewhere, and of one that no job has not at all', () => {
    const roles = rolesOfStack((stack) => {
      trainingIn(stack, { role: Role.fromRoleArn(stack, 'Given', 'arn:aws:iam::123456789012:role/path/given') });
      policyFor(stack, 'given', 'of-somebody-else');
    });
    expect(unexplainedOf(roles)).toEqual(['Digits/Given: s3:ListAllMyBuckets on *']);
  });
});
