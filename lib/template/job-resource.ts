import { CfnResource, Lazy, TagManager, TagType, type ITaggableV2 } from 'aws-cdk-lib/core';
import type { Construct, IDependable } from 'constructs';
import type { JobAttributes, JobProperties, OutcomeProperties } from '../handler/contract';
import type { JobKindName } from '../limits/job-kinds';
import { jobKind, KEY_VERSION, OUTCOME_RESOURCE_TYPE, WAIT_RESOURCE_TYPE } from './job-kind';
import { JobProviderResources } from './job-provider';
import { namePrefix } from './names';
import { tagErrors, tagList } from './tag-list';

export type { Gate, JobProperties } from '../handler/contract';

/** An hour is what CloudFormation gives a custom resource; five minutes of it are for stopping a job and answering. */
const LONGEST_WAIT_SECONDS = 55 * 60;

type Fixed = 'Kind' | 'KeyVersion' | 'NamePrefix';

/** The resource that launches or adopts a job. Its Ref is the job's name. */
export class JobResource<Kind extends JobKindName = JobKindName> extends CfnResource implements ITaggableV2 {
  public readonly cdkTagManager: TagManager;
  public readonly scope: Construct;
  public readonly kind: Kind;
  public readonly provider: JobProviderResources;

  public constructor(job: Construct, kind: Kind, properties: Omit<JobProperties, Fixed>, dependencies: readonly IDependable[]) {
    const provider = JobProviderResources.of(job);
    const { resourceType, longestName } = jobKind(kind);
    const tags = new TagManager(TagType.KEY_VALUE, resourceType);
    const rendered: JobProperties = {
      Kind: kind, KeyVersion: KEY_VERSION, NamePrefix: namePrefix(job, longestName), ...properties,
      Request: { ...properties.Request, Tags: Lazy.any({ produce: () => (tagList(tags).length > 0 ? tagList(tags) : undefined) }) },
    };
    super(job, 'Resource', { type: resourceType, properties: { ServiceToken: provider.serviceToken, ...rendered } });
    this.scope = job;
    this.kind = kind;
    this.provider = provider;
    this.cdkTagManager = tags;
    provider.permissions.addKind(job, kind);
    this.node.addDependency(...provider.lifelines, ...dependencies);
    this.node.addValidation({ validate: () => tagErrors(this.node.scope!, tags) });
  }

  public get jobName(): string { return this.ref; }

  /** Tags are a member of the request, and not beside it once more, where the CDK puts those of resources of AWS. */
  protected override get cfnProperties(): { [key: string]: any } {
    const { tags: _, ...properties } = super.cfnProperties as { [key: string]: unknown };
    return properties;
  }
}

/** A job whose end is waited for. */
export interface AwaitedJob<Kind extends JobKindName = JobKindName> {
  /** Where the resources that wait are made. */
  readonly scope: Construct;
  readonly provider: JobProviderResources;
  readonly kind: Kind;
  readonly jobName: string;
}

/** What the handler knows of a kind of job, where the contract lists it. */
type AttributeOf<Kind extends JobKindName> = (JobAttributes & { readonly [kind: string]: string })[Kind];

/** The resources that wait for the end of a job; the last judges it, and everything downstream is an attribute of it. */
export class JobOutcome<Kind extends JobKindName> {
  private readonly resource: CfnResource;
  private readonly attributes = new Set<string>();
  private readonly metrics = new Map<string, string>();
  private readonly hyperparameters = new Map<string, string>();

  public constructor({ scope, provider, kind, jobName }: AwaitedJob<Kind>, withinSeconds: number, properties: Pick<OutcomeProperties, 'AcceptTimeLimit' | 'Artifact' | 'Gates'>) {
    const common = { ServiceToken: provider.serviceToken, Kind: kind, JobName: jobName };
    const parts = waits(withinSeconds);
    let before: CfnResource | undefined;                     // the first follows the job by its Ref
    for (const [index, Seconds] of parts.slice(0, -1).entries()) {
      const wait = new CfnResource(scope, `Wait${index + 1}`, { type: WAIT_RESOURCE_TYPE, properties: { ...common, Seconds } });
      if (before) { wait.node.addDependency(before); }
      before = wait;
    }
    this.resource = new CfnResource(scope, 'Outcome', {
      type: OUTCOME_RESOURCE_TYPE,
      properties: {
        ...common, Seconds: parts.at(-1), Within: withinSeconds, ...properties,
        Attributes: Lazy.any({ produce: () => (this.attributes.size > 0 ? [...this.attributes].sort() : undefined) }),
        Metrics: Lazy.any({ produce: () => (this.metrics.size > 0 ? Object.fromEntries([...this.metrics].sort()) : undefined) }),
        Hyperparameters: Lazy.any({ produce: () => (this.hyperparameters.size > 0 ? Object.fromEntries([...this.hyperparameters].sort()) : undefined) }),
      },
    });
    if (before) { this.resource.node.addDependency(before); }
  }

  /** Waits for these as well. */
  public dependOn(...dependencies: IDependable[]): void { this.resource.node.addDependency(...dependencies); }

  /** What to wait for where the end of the job counts, and no attribute of it. */
  public get end(): IDependable { return this.resource; }

  /** An attribute, which the handler is asked for from now on. */
  public attribute(name: AttributeOf<Kind>): string {
    this.attributes.add(name);
    return this.resource.getAtt(name).toString();
  }

  /** The final value of a metric. */
  public metric(name: string): string {
    return this.named('Metric', name, this.metrics);
  }

  /** The best value of a hyperparameter that was searched for. */
  public hyperparameter(name: string): string {
    return this.named('Hyperparameter', name, this.hyperparameters);
  }

  private named(kind: string, name: string, asked: Map<string, string>): string {
    const attribute = namedAttribute(kind, name);
    asked.set(attribute, name);
    return this.resource.getAtt(attribute).toString();
  }
}

/** How long each of the resources waits: alike, so that none is left with a moment. */
export function waits(seconds: number): number[] {
  const count = Math.max(1, Math.ceil(seconds / LONGEST_WAIT_SECONDS));
  const part = Math.ceil(seconds / count);
  return Array.from({ length: count }, (_, index) => (index < count - 1 ? part : seconds - part * (count - 1)));
}

/**
 * A name for Fn::GetAtt, of letters, digits and dots only: whether a colon, which metrics often have, is let through is
 * not documented. Each other byte is a dot and two hex digits, so that two metrics never get one name.
 */
export function namedAttribute(kind: string, name: string): string {
  const encoded = [...Buffer.from(name, 'utf8')].map((byte) => {
    const character = String.fromCharCode(byte);
    return /[A-Za-z0-9]/.test(character) ? character : `.${byte.toString(16).padStart(2, '0')}`;
  });
  return `${kind}.${encoded.join('')}`;
}

/** Where an artifact lies when nobody can be asked any more: where the service has always put it. */
export function artifactUri(outputUri: string, jobName: string, compressed: boolean): string {
  return `${outputUri.replace(/\/$/, '')}/${jobName}/output/${compressed ? 'model.tar.gz' : 'model/'}`;
}
