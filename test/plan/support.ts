import { App, Stack, type StackProps } from 'aws-cdk-lib/core';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LocalSageMaker, Outcome as OutcomeOfTest } from '../../lib/local/testing';
import { stacksOf, type AssemblyStack } from '../../lib/local/assembly';
import { StateFile } from '../../lib/local/sagemaker/state-file';
import { localSide } from '../../lib/plan/local-side';
import type { StackPlan } from '../../lib/plan/plan';
import { planOf } from '../../lib/plan/plan-of';
import { builtCli } from '../support/built-cli';

/** An image that nobody runs here: what becomes of jobs is scripted. */
export const IMAGE = '123456789012.dkr.ecr.us-east-1.amazonaws.com/mine:1';

type Testing = { readonly LocalSageMaker: typeof LocalSageMaker; readonly Outcome: typeof OutcomeOfTest };

/** A local AWS whose jobs are scripted, and what plans say of apps before they are deployed to it. */
export class PlanBench {
  public static async open(): Promise<PlanBench> {
    const { LocalSageMaker: Aws, Outcome } = require(join(builtCli(), 'local', 'index.js')) as Testing;
    const aws = await Aws.start();
    aws.script('*', Outcome.completesAfter(0, { metrics: { accuracy: 0.9 } }));
    return new PlanBench(aws, Outcome, mkdtempSync(join(tmpdir(), 'plan-')));
  }

  private assemblies = 0;

  private constructor(public readonly aws: LocalSageMaker, public readonly Outcome: typeof OutcomeOfTest, private readonly folder: string) {}

  /** Stacks of an app, as synthesized. */
  public synthesized(define: (app: App) => void): AssemblyStack[] {
    const app = new App({ outdir: join(this.folder, String(this.assemblies++)), context: { 'aws:cdk:disable-creation-stack-traces': true }, analyticsReporting: false });
    define(app);
    return stacksOf(app.synth().directory);
  }

  /** One stack of the local account. */
  public stack(define: (stack: Stack) => void, name = 'Digits', props: StackProps = {}): AssemblyStack {
    return this.synthesized((app) => define(new Stack(app, name, { env: { region: 'us-east-1' }, ...props })))[0] as AssemblyStack;
  }

  public plan(stack: AssemblyStack): Promise<StackPlan> { return planOf(stack, localSide(this.aws.folder, stack.stackName)); }

  /** The names of the jobs that a deployment launches, those of a tuning job's own aside. */
  public async deploy(stack: AssemblyStack): Promise<string[]> {
    const before = this.launched();
    await this.aws.deploy(stack.folder, stack.id);
    return this.launched().filter((name) => !before.includes(name)).sort();
  }

  public async close(): Promise<void> {
    await this.aws.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Every job there is. */
  private launched(): string[] {
    const { state } = new StateFile(join(this.aws.folder, 'sagemaker', 'sagemaker.json'));
    const own = Object.entries(state.trainingJobs).filter(([, { tuningJob }]) => tuningJob === undefined).map(([name]) => name);
    return [...own, ...[state.tuningJobs, state.transformJobs, state.processingJobs].flatMap((jobs) => Object.keys(jobs))];
  }
}
