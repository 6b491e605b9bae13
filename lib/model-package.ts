import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { CfnModelPackage, type IModelPackageRef, type ModelPackageReference } from 'aws-cdk-lib/aws-sagemaker';
import { RemovalPolicy, Resource, Stack, type IResource } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { pinnedVersion } from './approved-version';
import type { ContainerImage } from './container-image';
import type { ModelData } from './model-data';
import type { IModelPackageGroup } from './model-package-group';
import type { ModelPackageOptions } from './model-package-options';
import { modelPackageProperties } from './model-package-properties';
import type { ModelPackageSource } from './model-package-source';
import { matches, oneOf, refuse, serviceName } from './request/checks';
import { checkGiven, GRANTEE, has, placeOf, STRUCTURE, TEXT, usable } from './request/kinds';
import { checkModelPackageKinds } from './request/model-package-kinds';
import { injected } from './template/injected';
import { arnName } from './template/names';
import { RecordedGrants } from './template/recorded-grants';

/** A model package. */
export interface IModelPackage extends IResource, IModelPackageRef {
  /**
   * The ARN of the package, with its version where it has one.
   *
   * @attribute
   */
  readonly modelPackageArn: string;

  /** Lets a model of the package pull its images and read its artifacts, as far as the app knows them. */
  grantServing(grantee: IGrantable): void;
}

/** What is known of a package made elsewhere. */
export interface ImportedModelPackageOptions {
  /**
   * The image in the package, which models of it may pull then.
   *
   * @default - the models may pull what they are granted elsewhere; right for packages of AWS Marketplace
   */
  readonly image?: ContainerImage;
  /**
   * The artifact in the package, which models of it may read then.
   *
   * @default - the models may read what they are granted elsewhere; right for packages of AWS Marketplace
   */
  readonly modelData?: ModelData;
}

/** What a model package is made of. */
export interface ModelPackageProps extends ModelPackageOptions {
  /** What is in it. */
  readonly source: ModelPackageSource;
  /**
   * The group that it is a new version in. One of another account must let this one in (`grantRegister`).
   *
   * @default - it has no versions
   */
  readonly group?: IModelPackageGroup;
  /**
   * Whether it may be listed at AWS Marketplace. For a package without a group.
   *
   * @default false
   */
  readonly certifyForMarketplace?: boolean;
  /**
   * The name of a package without a group, at most 63 letters, digits and dashes. A package with a name given can't be replaced by a change.
   *
   * @default - a generated name
   */
  readonly modelPackageName?: string;
}

/**
 * A model in the registry: what `Model.register` of the Python SDK makes.
 *
 * A package can't be changed. Other contents are another version of the group, and the version before stays.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/model-registry.html
 *
 * @example
 * const version = new ModelPackage(this, 'Version', {
 *   group: new ModelPackageGroup(this, 'Group'),
 *   source: ModelPackageSource.containers([{ image, modelData }], { contentTypes: ['text/csv'], responseTypes: ['text/csv'] }),
 *   approvalStatus: ModelApprovalStatus.APPROVED,
 * });
 * new Model(this, 'Model', { modelPackage: version });
 *
 * @example
 * const bought = ModelPackage.fromModelPackageArn(this, 'Bought', 'arn:aws:sagemaker:eu-west-1:123456789012:model-package/product');
 * new Model(this, 'Product', { modelPackage: bought, networkIsolation: true });
 *
 * @example
 * // `npx cdk-sagemaker pin-model digits` says which version that is
 * const registry = ModelPackageGroup.fromModelPackageGroupArn(this, 'Digits', 'arn:aws:sagemaker:eu-west-1:123456789012:model-package-group/digits');
 * new Model(this, 'Latest', { modelPackage: ModelPackage.latestApproved(this, 'Approved', registry, { image, modelData: ModelData.fromBucket(bucket, 'digits/') }) });
 */
export class ModelPackage extends Resource implements IModelPackage {
  /** By which `PropertyInjectors` of the CDK know the class. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-sagemaker.ModelPackage';

  /**
   * A package made elsewhere, for instance by training, by hand or by a seller at AWS Marketplace, which must be subscribed to. A model of a
   * product of AWS Marketplace needs `networkIsolation: true`, which the Python SDK sets by looking the package up. A version is deployed
   * as it is: one that is not approved is refused by SageMaker, and never approved on the way, as the Python SDK would do.
   */
  public static fromModelPackageArn(scope: Construct, id: string, modelPackageArn: string, options: ImportedModelPackageOptions = {}): IModelPackage {
    checkGiven(placeOf(scope, id), 'modelPackageArn', modelPackageArn, TEXT);
    checkGiven(placeOf(scope, id), 'options', options, STRUCTURE);
    class Import extends Resource implements IModelPackage {
      public readonly modelPackageArn = modelPackageArn;
      public readonly modelPackageRef: ModelPackageReference = { modelPackageArn };

      public grantServing(grantee: IGrantable): void {
        serving.replay(grantee);
      }
    }
    const imported = new Import(scope, id);
    const serving = new RecordedGrants(imported);
    options.image?.bind(imported, serving);
    options.modelData?.bind(imported, serving);
    matches(imported, 'modelPackageArn', modelPackageArn, /^arn:[^:]+:sagemaker:[^:]*:[^:]*:model-package\/[^/]+(\/[0-9]+)?$/, 'the ARN of a model package, with its version where it has one');
    return imported;
  }

  /** A package made elsewhere, in the account and the Region of the stack: its name, or `group/version`. */
  public static fromModelPackageName(scope: Construct, id: string, modelPackageName: string, options: ImportedModelPackageOptions = {}): IModelPackage {
    checkGiven(placeOf(scope, id), 'modelPackageName', modelPackageName, TEXT);
    const arn = Stack.of(scope).formatArn({ service: 'sagemaker', resource: 'model-package', resourceName: arnName(modelPackageName) });
    return ModelPackage.fromModelPackageArn(scope, id, arn, options);
  }

  /**
   * The latest approved version of a group, as `npx cdk-sagemaker pin-model <group>` has last found and written it to `cdk.context.json`: synthesis asks
   * nobody. So another version is a change in Git and in `cdk diff`, and moves what is made of it when it is deployed. A stack whose version was
   * never looked up can't be deployed; the error says how it is done.
   *
   * Throws when the account or the Region of the group is not known at synthesis.
   */
  public static latestApproved(scope: Construct, id: string, group: IModelPackageGroup, options: ImportedModelPackageOptions = {}): IModelPackage {
    checkGiven(placeOf(scope, id), 'group', group, has('a group of model packages (ModelPackageGroup.fromModelPackageGroupName makes one of a name)', 'modelPackageGroupName'));
    const { account, region } = group.env;
    const place = new Construct(scope, id);
    const resourceName = `${arnName(group.modelPackageGroupName)}/${pinnedVersion(place, group)}`;
    return ModelPackage.fromModelPackageArn(place, 'Version', Stack.of(scope).formatArn({ service: 'sagemaker', account, region, resource: 'model-package', resourceName }), options);
  }

  public readonly modelPackageArn: string;
  public readonly modelPackageRef: ModelPackageReference;
  /**
   * Whether its containers have variables, beside which a model of it can have none.
   *
   * @internal
   */
  public readonly _hasEnvironment: boolean;
  private readonly serving = new RecordedGrants(this);

  constructor(scope: Construct, id: string, props: ModelPackageProps) {
    super(scope, id);
    props = injected(this, ModelPackage.PROPERTY_INJECTION_ID, props);
    checkProps(this, props);
    oneOf(this, 'removalPolicy', props.removalPolicy, Object.values(RemovalPolicy));
    const { source, group } = props;
    const { description, modelPackageName, ...contents } = usable(this, 'source', () => source.bind(this, this.serving));
    if (contents.inferenceSpecification && props.sourceUri !== undefined) {
      refuse(this, 'sourceUri', 'be left out where the source has containers, for SageMaker makes a package of one of the two: say it in metadata or origin, or set it later by UpdateModelPackage, as the Python SDK does', props.sourceUri);
    }
    checkInstanceTypes(this, contents.inferenceSpecification, group);
    this._hasEnvironment = hasEnvironment(contents.inferenceSpecification);
    const version = new CfnModelPackage(this, 'Resource', {
      ...contents,
      modelPackageName: group ? undefined : props.modelPackageName ?? modelPackageName,
      modelPackageGroupName: group && (group.env.account === this.env.account ? group.modelPackageGroupName : group.modelPackageGroupArn),
      ...usable(this, 'props', () => modelPackageProperties(this, props, this.serving)),
      modelPackageDescription: props.description ?? description,
      certifyForMarketplace: props.certifyForMarketplace,
    });
    if (group) { version.node.addDependency(group); }       // it is named, and not referred to
    version.applyRemovalPolicy(props.removalPolicy ?? (group ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY));
    this.modelPackageArn = version.attrModelPackageArn;
    this.modelPackageRef = { modelPackageArn: this.modelPackageArn };
  }

  public grantServing(grantee: IGrantable): void {
    checkGiven(this, 'grantee', grantee, GRANTEE);
    this.serving.replay(grantee);
  }
}

function checkProps(scope: Construct, props: ModelPackageProps): void {
  checkModelPackageKinds(scope, props);
  const { group } = props;
  serviceName(scope, 'modelPackageName', props.modelPackageName);
  if (group && props.modelPackageName !== undefined) { refuse(scope, 'modelPackageName', 'be left out in a group, whose versions have numbers', props.modelPackageName); }
  for (const prop of ['approvalStatus', 'approvalDescription', 'modelCard'] as const) {
    if (!group && props[prop] !== undefined) { refuse(scope, prop, 'come with group: a package without versions is not approved', props[prop]); }
  }
  if (group && props.certifyForMarketplace) { refuse(scope, 'certifyForMarketplace', 'be left out in a group: products have no versions here', true); }
}

function hasEnvironment(specification: CfnModelPackage.InferenceSpecificationProperty | undefined): boolean {
  const containers = (specification?.containers ?? []) as CfnModelPackage.ModelPackageContainerDefinitionProperty[];
  return containers.some(({ environment }) => environment !== undefined);
}

/** A package without a group must say what it runs on. */
function checkInstanceTypes(scope: Construct, specification: CfnModelPackage.InferenceSpecificationProperty | undefined, group: IModelPackageGroup | undefined): void {
  if (!specification || group) { return; }
  const { supportedRealtimeInferenceInstanceTypes: endpoints, supportedTransformInstanceTypes: transforms } = specification;
  if (!endpoints?.length) { refuse(scope, 'source: endpointInstanceTypes', 'be given for a package without a group', endpoints); }
  if (!transforms?.length) { refuse(scope, 'source: transformInstanceTypes', 'be given for a package without a group', transforms); }
}
