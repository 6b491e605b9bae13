import { SubnetType } from 'aws-cdk-lib/aws-ec2';
import { Aspects, Duration, PropertyInjectors } from 'aws-cdk-lib/core';
import { Encryption, OrganizationDefaults, SageMakerChecks } from 'cdk-sagemaker';
import type { Construct } from 'constructs';
import { LandingZone } from './landing-zone';

/** How data are classified. */
export enum DataClass {
  PUBLIC = 'public',
  INTERNAL = 'internal',
  CONFIDENTIAL = 'confidential',
}

/** What the organization wants of SageMaker, in two halves: what constructs are by default, and what is checked whatever they are. */
export class PlatformTeam {
  /** Longest that a job may run without asking us. */
  public static readonly MAX_RUNTIME = Duration.hours(4);

  /** Both halves, for a stack, also for constructs of cdk-sagemaker that are none of ours. */
  public static governs(stack: Construct): void {
    PlatformTeam.completes(stack);
    Aspects.of(stack).add(PlatformTeam.checks());
  }

  /** What is made below the scope from now on is in the organization's network, isolated, and encrypted with its key, where it says nothing else. */
  public static completes(scope: Construct): void {
    const { vpc, jobs, key } = LandingZone.of(scope);
    PropertyInjectors.of(scope).add(...OrganizationDefaults.injectors({
      vpc,
      vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
      securityGroups: [jobs],
      networkIsolation: true,
      encryptInterContainerTraffic: true,
      encryption: Encryption.withKey(key),
      maxRuntime: PlatformTeam.MAX_RUNTIME,
    }));
  }

  /** As an aspect of a stack, or a plugin of an app: `Validations.of(app).addPlugins(PlatformTeam.checks())`. */
  public static checks(): SageMakerChecks {
    return SageMakerChecks.all({
      maxRuntime: PlatformTeam.MAX_RUNTIME,
      allowedInstanceFamilies: ['c5', 'm5', 'g5'],
      requiredTags: { 'team': [], 'data-class': Object.values(DataClass) },
      imageAccounts: [],                                     // our own and those of AWS
    });
  }

  private constructor() {}
}
