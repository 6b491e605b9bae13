import type { OutcomeProperties } from '../handler/contract';
import { OUTCOME_RESOURCE_TYPE } from '../handler/contract';
import { JOB_KIND_FACTS, type JobKindName } from '../limits/job-kinds';
import { LoadedTemplate } from '../local/cloudformation/loaded-template';
import { asType } from '../local/cloudformation/parameters';
import { STACK_TYPE, type Properties } from '../local/cloudformation/stack-record';
import { templateOf, type Template } from '../local/cloudformation/template';
import { SYSTEM_CLOCK, clientsFor, type Clients, type Target } from '../operate/clients';
import { CommandError, inWords, isDenied, isUnknownJob } from '../operate/faults';
import { tagsOf } from '../operate/find-job';
import { JOB_KINDS } from '../operate/job-kinds';
import { SignedService, type Post } from '../operate/signed-service';
import { membersAt, textAt, type XmlElement } from '../operate/xml-tree';
import { outcomeAttributes } from './outcome-attributes';
import type { DeployedResource, JobRecord, StackSide } from './stack-side';

const CLOUDFORMATION_VERSION = '2010-05-15';
/** Where a stack is. */
interface Place {
  readonly region: string;
  readonly account: string;
}

/** A stack of which nothing is deployed, or nothing that an update could begin with. */
const NOT_DEPLOYED = /^(REVIEW_IN_PROGRESS|DELETE_COMPLETE|ROLLBACK_(COMPLETE|FAILED))$/;

type Texts = { readonly [name: string]: string };

/** What is deployed in a Region of an account at AWS, read and never changed. */
export class AwsAccount {
  /** @param post how calls are sent that no client makes. @default - over the wire */
  static async of(target: Target, clients: Clients = clientsFor(target), post?: Post): Promise<AwsAccount> {
    const service = (name: string, endpointVariable: string) => new SignedService({ name, endpointVariable }, clients.sageMaker.config, SYSTEM_CLOCK, post);
    const region = await asked('a region', () => clients.sageMaker.config.region());
    return new AwsAccount(clients, region, service('cloudformation', 'AWS_ENDPOINT_URL_CLOUDFORMATION'), service('ssm', 'AWS_ENDPOINT_URL_SSM'), service('sts', 'AWS_ENDPOINT_URL_STS'));
  }

  private exports?: Promise<ReadonlyMap<string, string>>;

  private constructor(private readonly clients: Clients, readonly region: string, private readonly cloudFormation: SignedService, private readonly ssm: SignedService, private readonly sts: SignedService) {}

  /** Ends what the clients hold open. */
  close(): void {
    this.clients.sageMaker.destroy();
    this.clients.logs.destroy();
  }

  /** A stack as it is deployed; one with nothing in it where it is not. @param usesExports whether anything asks for what other stacks export */
  async side(stackName: string, paths: Texts = {}, usesExports = true): Promise<StackSide> {
    return this.sideOf(stackName, await this.stack(stackName), paths, usesExports);
  }

  private async sideOf(stackName: string, stack: XmlElement | undefined, paths: Texts, usesExports: boolean): Promise<StackSide> {
    const exports = usesExports ? await this.allExports() : new Map<string, string>();
    const place: Place = { region: this.region, account: /^arn:[^:]+:cloudformation:[^:]+:([^:]+):/.exec(textAt(stack, 'StackId') ?? '')?.[1] ?? await this.caller() };
    const common = {
      name: `${place.account}/${place.region}`, stackName: textAt(stack, 'StackName') ?? stackName, ...place, paths,
      exportValue: (name: string) => exports.get(name), ssmParameter: (name: string) => this.ssmParameter(name),
      // processing jobs are CloudFormation's own, and not asked for
      job: (kind: string, name: string) => (Object.hasOwn(JOB_KIND_FACTS, kind) ? this.job(kind, name) : Promise.resolve('unknown' as const)),
      jobNames: (kind: string, prefix: string) => this.jobNames(kind, prefix),
    };
    const status = textAt(stack, 'StackStatus');
    if (stack === undefined || status === undefined || NOT_DEPLOYED.test(status)) { return { ...common, status: 'DELETE_COMPLETE', template: { Resources: {} }, parameters: {}, resource: () => undefined }; }
    const stackId = textAt(stack, 'StackId') as string;
    const template = await this.template(stackName);
    const { given, parameters } = parametersOf(stack, template);
    const surroundings = { ...place, stackName: common.stackName, stackId, ssmParameter: () => undefined, exportValue: (name: string) => exports.get(name) ?? '' };
    // What is not shown stands for itself here: nothing else hangs on it than what can't be known.
    const values = Object.keys(template.Parameters ?? {}).map((name) => [name, parameters[name] ?? '****'] as const);
    const loaded = new LoadedTemplate(template, Object.fromEntries(values.map(([name, value]) => [name, { given: value, value: asType(value, template.Parameters?.[name]?.Type ?? '') }])), surroundings);
    const nested = new Map<string, StackSide>();
    const resources = await this.resources(stackName, loaded, nested, usesExports);
    const own = membersAt(stack, 'Outputs').map((output) => [textAt(output, 'ExportName') ?? '', textAt(output, 'OutputValue') ?? ''] as const).filter(([name]) => name !== '');
    return { ...common, stackId, status, template, given, parameters, exports: Object.fromEntries(own), importers: (name) => this.importers(name), resource: (logicalId) => resources.get(logicalId), nested: (logicalId) => Promise.resolve(nested.get(logicalId)) };
  }

  /** Of a stack that is not there, nobody but the credentials says whose it would be. */
  private async caller(): Promise<string> {
    const answer = await asked('sts:GetCallerIdentity', () => this.sts.query('2011-06-15', 'GetCallerIdentity'));
    return textAt(answer, 'GetCallerIdentityResult', 'Account') ?? '';
  }

  private stack(stackName: string): Promise<XmlElement | undefined> {
    return asked('cloudformation:DescribeStacks', async () => {
      try {
        const answer = await this.cloudFormation.query(CLOUDFORMATION_VERSION, 'DescribeStacks', { StackName: stackName });
        return membersAt(answer, 'DescribeStacksResult', 'Stacks')[0];
      } catch (error) {
        if (/does not exist/.test((error as Error).message)) { return undefined; }
        throw error;
      }
    });
  }

  private async template(stackName: string): Promise<Template> {
    const answer = await asked('cloudformation:GetTemplate', () => this.cloudFormation.query(CLOUDFORMATION_VERSION, 'GetTemplate', { StackName: stackName, TemplateStage: 'Original' }));
    const body = textAt(answer, 'GetTemplateResult', 'TemplateBody') ?? '';
    try {
      return templateOf(JSON.parse(body));
    } catch (error) {
      throw new CommandError(`the template of the stack ${stackName} at AWS can't be read, which is none that the CDK has deployed: ${(error as Error).message}`);
    }
  }

  /** @param nested is given the stacks that are nested in it */
  private async resources(stackName: string, loaded: LoadedTemplate, nested: Map<string, StackSide>, usesExports: boolean): Promise<ReadonlyMap<string, DeployedResource>> {
    const summaries = await this.pages('ListStackResources', 'StackResourceSummaries', { StackName: stackName });
    const found = new Map<string, DeployedResource>();
    const refs = (logicalId: string) => {
      const resource = found.get(logicalId);
      return resource && { ref: resource.physicalId, attribute: (name: string) => resource.attribute(name) };
    };
    /** Those of which all is known. */
    const propertiesOf = (logicalId: string): Properties => Object.fromEntries(Object.entries(loaded.resources[logicalId]?.Properties ?? {}).flatMap(([name, expression]) => {
      try { return [[name, loaded.value(expression, name, refs)]]; } catch { return []; }
    }));
    for (const summary of summaries) {
      const [logicalId, type, physicalId, status = ''] = ['LogicalResourceId', 'ResourceType', 'PhysicalResourceId', 'ResourceStatus'].map((name) => textAt(summary, name));
      if (logicalId === undefined || type === undefined || physicalId === undefined || physicalId === '' || status === 'DELETE_COMPLETE') { continue; }
      // What follows from names is found where all is known of the types.
      found.set(logicalId, { type, physicalId, status, attribute: () => undefined });
    }
    for (const [logicalId, { type, physicalId, status }] of found) {
      if (type !== STACK_TYPE) { continue; }
      const stack = await this.stack(physicalId);
      nested.set(logicalId, await this.sideOf(physicalId, stack, {}, usesExports));
      const outputs = Object.fromEntries(membersAt(stack, 'Outputs').map((output) => [`Outputs.${textAt(output, 'OutputKey') ?? ''}`, textAt(output, 'OutputValue')]));
      found.set(logicalId, { type, physicalId, status, attribute: (name) => outputs[name] });
    }
    for (const [logicalId, { type, physicalId, status }] of found) {
      if (type !== OUTCOME_RESOURCE_TYPE) { continue; }
      const attributes = await this.outcome(propertiesOf(logicalId) as unknown as OutcomeProperties);
      found.set(logicalId, { type, physicalId, status, attribute: (name) => attributes[name] });
    }
    return found;
  }

  /** What the function has answered for an outcome: it follows from the description of the job. */
  private async outcome(properties: OutcomeProperties): Promise<Texts> {
    if (typeof properties.JobName !== 'string' || !Object.hasOwn(JOB_KIND_FACTS, properties.Kind)) { return {}; }
    const job = await this.job(properties.Kind, properties.JobName);
    return outcomeAttributes(properties, job?.details, async (kind, name) => (await this.job(kind, name))?.details);
  }

  /** A job as its Describe call and its tags have it. */
  private async job(kind: string, name: string): Promise<JobRecord | undefined> {
    const { calls: [, call], arnType } = JOB_KIND_FACTS[kind as JobKindName];
    const row = JOB_KINDS.find((each) => each.arnType === arnType);
    if (row === undefined) { return undefined; }
    const details = await asked(`sagemaker:${call}`, async () => {
      try {
        return await row.describe(this.clients.sageMaker, name);
      } catch (error) {
        if (isUnknownJob(error)) { return undefined; }
        throw error;
      }
    });
    if (details === undefined) { return undefined; }
    const tags = await asked('sagemaker:ListTags', () => tagsOf(row.view(details).arn, this.clients));
    return { name, details: details as JobRecord['details'], tags: Object.fromEntries(tags) };
  }

  private async jobNames(kind: string, prefix: string): Promise<string[]> {
    const row = JOB_KINDS.find((each) => each.arnType === JOB_KIND_FACTS[kind as JobKindName].arnType);
    const names: string[] = [];
    for (let page: string | undefined, isFirst = true; row !== undefined && (isFirst || page !== undefined); isFirst = false) {
      const answer = await asked(`sagemaker:List${kind}s`, () => row.list(this.clients.sageMaker, prefix, page));
      names.push(...answer.jobs.map(({ name }) => name));
      page = answer.next;
    }
    return names.filter((name) => name.startsWith(prefix));
  }

  private ssmParameter(name: string): Promise<string | undefined> {
    return asked('ssm:GetParameter', async () => {
      try {
        const { Parameter: parameter } = await this.ssm.json('AmazonSSM.GetParameter', { Name: name });
        return (parameter as { readonly Value?: string } | undefined)?.Value;
      } catch (error) {
        if ((error as Error).name === 'ParameterNotFound') { return undefined; }
        throw error;
      }
    });
  }

  private allExports(): Promise<ReadonlyMap<string, string>> {
    this.exports ??= this.pages('ListExports', 'Exports').then((all) => new Map(all.map((each) => [textAt(each, 'Name') ?? '', textAt(each, 'Value') ?? ''])));
    return this.exports;
  }

  /** CloudFormation refuses to say so of nobody. */
  private async importers(exportName: string): Promise<string[]> {
    try {
      return (await this.pages('ListImports', 'Imports', { ExportName: exportName })).map(({ text }) => text);
    } catch (error) {
      if (/is not imported by any stack/.test((error as Error).message)) { return []; }
      throw error;
    }
  }

  /** All of a list that comes in pages. */
  private async pages(action: string, list: string, parameters: Texts = {}): Promise<XmlElement[]> {
    const found: XmlElement[] = [];
    for (let next: string | undefined, isFirst = true; isFirst || (next ?? '') !== ''; isFirst = false) {
      const token: Texts = next === undefined ? {} : { NextToken: next };
      const answer = await asked(`cloudformation:${action}`, () => this.cloudFormation.query(CLOUDFORMATION_VERSION, action, { ...parameters, ...token }));
      found.push(...membersAt(answer, `${action}Result`, list));
      next = textAt(answer, `${action}Result`, 'NextToken');
    }
    return found;
  }
}

/** What the parameters were given, and what that stands for. A value that is not to be shown is not known: CloudFormation says `****`. */
function parametersOf(stack: XmlElement, template: Template): { readonly given: Texts; readonly parameters: Texts } {
  const all = membersAt(stack, 'Parameters').map((member) => ({ name: textAt(member, 'ParameterKey') ?? '', value: textAt(member, 'ParameterValue') ?? '', resolved: textAt(member, 'ResolvedValue') }))
    .filter(({ name }) => String(template.Parameters?.[name]?.NoEcho) !== 'true');
  return { given: Object.fromEntries(all.map(({ name, value }) => [name, value])), parameters: Object.fromEntries(all.map(({ name, value, resolved }) => [name, resolved ?? value])) };
}

/** Asks, and says in words what went wrong, with the permission that it takes. */
async function asked<T>(action: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof CommandError) { throw error; }
    throw new CommandError(isDenied(error) ? `not allowed: ${action}, which plan needs (${(error as Error).message})` : inWords(error, ', or --local for the stacks of this machine'));
  }
}
