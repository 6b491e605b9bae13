import { Connections } from 'aws-cdk-lib/aws-ec2';
import { UnknownPrincipal, type IPrincipal, type IRole } from 'aws-cdk-lib/aws-iam';
import type { ModelReference } from 'aws-cdk-lib/aws-sagemaker';
import { ArnFormat, Resource, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { IModel, ImportedModelOptions, ModelAttributes } from './model';
import { matches, refuse } from './request/checks';
import { checkGiven, checkImportedName, placeOf, STRUCTURE, TEXT } from './request/kinds';
import { arnName } from './template/names';

/** A model made elsewhere. */
export class ImportedModel extends Resource implements IModel {
  public static ofName(scope: Construct, id: string, attributes: ModelAttributes): ImportedModel {
    checkGiven(placeOf(scope, id), 'attributes', attributes, STRUCTURE);
    const { modelName, account, region, ...options } = attributes;
    checkImportedName(placeOf(scope, id), 'modelName', modelName);
    const modelArn = Stack.of(scope).formatArn({ service: 'sagemaker', account, region, resource: 'model', resourceName: arnName(modelName) });
    return new ImportedModel(scope, id, modelName, modelArn, options);
  }

  public static ofArn(scope: Construct, id: string, modelArn: string, options: ImportedModelOptions): ImportedModel {
    checkGiven(placeOf(scope, id), 'modelArn', modelArn, TEXT);
    checkGiven(placeOf(scope, id), 'options', options, STRUCTURE);
    matches(scope, `${id}: modelArn`, modelArn, /^arn:[^:]+:sagemaker:[^:]*:[^:]*:model\/[^/]+$/, 'the ARN of a model');
    return new ImportedModel(scope, id, Stack.of(scope).splitArn(modelArn, ArnFormat.SLASH_RESOURCE_NAME).resourceName!, modelArn, options);
  }

  public readonly modelRef: ModelReference;
  public readonly role?: IRole;
  public readonly grantPrincipal: IPrincipal;

  private constructor(scope: Construct, id: string, public readonly modelName: string, public readonly modelArn: string, private readonly options: ImportedModelOptions) {
    super(scope, id, { environmentFromArn: modelArn });
    this.modelRef = { modelArn };
    this.role = options.role;
    this.grantPrincipal = options.role?.grantPrincipal ?? new UnknownPrincipal({ resource: this });
  }

  /** Throws where the security groups are not known. */
  public get connections(): Connections {
    const { securityGroups } = this.options;
    return securityGroups ? new Connections({ securityGroups }) : refuse(this, 'securityGroups', 'be given for a model made elsewhere to have connections', undefined);
  }
}
