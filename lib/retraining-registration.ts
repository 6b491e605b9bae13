import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { grantRuns } from './job-output';
import { ModelData, type ModelDataConfig } from './model-data';
import { modelPackageProperties } from './model-package-properties';
import type { RegisterOptions } from './register-options';
import { refuse } from './request/checks';
import { checkGiven, usable } from './request/kinds';
import { checkModelPackageKinds, GROUP } from './request/model-package-kinds';
import type { RetrainingJob } from './retraining-job';
import { packageProps } from './trained-model';

/** The artifact of a run that is yet to come. */
class ComingArtifact extends ModelData {
  public constructor(private readonly scope: Construct, private readonly source: NonNullable<RetrainingJob['trained']>['artifact']) { super(); }

  public bind(reader: Construct, grantee: IGrantable): ModelDataConfig {
    if (reader !== this.scope) {                             // the job that packs
      refuse(this.scope.node.scope!, 'register: container.scriptPlacement', 'be ScriptPlacement.DOWNLOADED, or container.script be Script.inModelData, in a workflow, which has no job that packs a script into each artifact', 'a script that is packed');
    }
    grantRuns(this.source, grantee);
    return { s3Uri: '{artifact}', isCompressed: this.source.isCompressed };
  }
}

/** CreateModelPackage for what a run makes: what `register` of a job would make of the same options. `{artifact}` and `{origin}` are filled in by the run. */
export function registrationOf(workflow: Construct, { trained }: RetrainingJob, options: RegisterOptions, registrar: IGrantable): { readonly [member: string]: unknown } {
  const scope = new Construct(workflow, 'Register');
  if (options.approvalDescription !== undefined) { refuse(workflow, 'register.approvalDescription', 'be left out: SageMaker takes it when a version is approved, not when it is made', options.approvalDescription); }
  if (options.removalPolicy !== undefined) { refuse(workflow, 'register.removalPolicy', 'be left out: the versions of a workflow are no resources of the stack, and stay', options.removalPolicy); }
  checkGiven(workflow, 'register.group', options.group, GROUP);
  const modelData = new ComingArtifact(scope, trained!.artifact);
  const props = packageProps(scope, { served: trained!.served(modelData), modelData, jobName: '{name}', jobArn: () => '{origin}' }, options);
  checkModelPackageKinds(scope, props);
  const { description, ...contents } = usable(scope, 'source', () => props.source.bind(scope, registrar));
  const { group } = props;
  const properties = usable(scope, 'props', () => modelPackageProperties(scope, props, registrar));
  return asRequest({
    ...contents, ...properties, modelPackageDescription: props.description ?? description,
    modelPackageGroupName: group!.env.account === Stack.of(workflow).account ? group!.modelPackageGroupName : group!.modelPackageGroupArn,
  });
}

/** Maps whose names are the user's. */
const MAPS = ['environment', 'customerMetadataProperties', 'modelInput'];

/** Names that are more than the property's with a capital. */
const OTHER_NAMES: { readonly [property: string]: string | undefined } = { supportedResponseMimeTypes: 'SupportedResponseMIMETypes' };

/** Properties of a resource, by the names that the API has for them. */
function asRequest(properties: { readonly [property: string]: unknown }): { readonly [member: string]: unknown } {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined)
    .map(([name, value]) => [OTHER_NAMES[name] ?? `${name[0].toUpperCase()}${name.slice(1)}`, MAPS.includes(name) ? value : inside(value)]));
}

function inside(value: unknown): unknown {
  if (Array.isArray(value)) { return value.map(inside); }
  const isPlain = typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
  return isPlain ? asRequest(value as { readonly [property: string]: unknown }) : value;
}
