import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { stacksOf, templateOfStack, type AssemblyStack } from '../local/assembly';
import { assemblyOf, selectedStacks } from '../local/cli/app';
import { parametersOf } from '../local/cli/deploy';
import { CommandError, UsageError, type Output } from '../local/cli/output';
import { textOf } from '../local/cli/text-file';
import type { Template } from '../local/cloudformation/template';
import { AppValues } from './app-values';
import { assemblySide } from './assembly-side';
import { gatesOf, missedGates } from './gates';
import { localSide } from './local-side';
import { markdownOf } from './markdown';
import type { Plan, StackPlan } from './plan';
import { planOf } from './plan-of';
import { priceListOf, type PriceList } from './prices';
import { secretsOf, withoutSecrets } from './secrets';
import type { StackSide } from './stack-side';
import { linesOf } from './text';
import { totalsOf } from './totals';

export interface PlanOptions {
  readonly app?: string;
  /** The folder of another assembly. */
  readonly against?: string;
  readonly local?: boolean;
  /** Of the local AWS; also where what the app's command writes is kept. */
  readonly state: string;
  readonly region?: string;
  readonly profile?: string;
  readonly parameters: readonly string[];
  readonly prices?: string;
  readonly failOn: readonly string[];
  readonly maxInstanceHours?: string;
  readonly maxCost?: string;
  readonly markdown?: boolean;
}

/** CloudFormation at AWS, which takes the SDK. */
export interface Deployed {
  /** One whose state says so where the stack is not there. */
  side(stackName: string, paths: { readonly [logicalId: string]: string }, usesExports: boolean): Promise<StackSide>;
  close(): void;
}

export type AskAws = (target: { readonly region?: string; readonly profile?: string }) => Promise<Deployed>;

/** `cdk-sagemaker plan`. @returns the exit code @throws CommandError */
export async function plan(names: readonly string[], options: PlanOptions, output: Output, askAws: AskAws): Promise<number> {
  checkOptions(options, output);
  const gates = gatesOf(options);
  const parameters = parametersOf(options.parameters);
  const prices = options.prices === undefined ? undefined : readPrices(options.prices);
  const stacks = selectedStacks(await assemblyOf(options.app, options.state, output), names.length === 0 ? ['*'] : names);
  requireDeclared(parameters, stacks);
  const others = new Sides(options, askAws);
  const app = new AppValues();
  const plans: StackPlan[] = [];
  try {
    for (const stack of stacks) {
      const { side, name } = await others.of(stack);
      const wanted = { ...stack, parameters: { ...stack.parameters, ...parameters } };
      const secrets = [templateOfStack(stack) as Template, ...side === undefined ? [] : [side.template]].flatMap((template) => secretsOf(template, wanted.parameters, side?.parameters ?? {}));
      plans.push(withoutSecrets({ ...await planOf(wanted, side, app, prices), comparedWith: name }, secrets));
    }
  } finally {
    others.close();
  }
  const whole: Plan = { stacks: plans };
  const totals = totalsOf(whole, prices);
  const missed = missedGates(whole, totals, gates);
  if (options.markdown === true) { output.result(markdownOf(whole, totals, missed).trimEnd()); } else { for (const line of linesOf(whole, totals, (colour, text) => output.paint(colour, text))) { output.result(line); } }
  output.json({ ...whole, totals, missed });
  for (const gate of missed) { output.progress(output.paint('red', gate)); }
  return missed.length > 0 ? 1 : 0;
}

function checkOptions({ against, local, region, profile, markdown }: PlanOptions, { isJson }: Output): void {
  if (against !== undefined && local === true) { throw new UsageError('--against and --local both say what to compare with: give one of them'); }
  const other = against !== undefined ? '--against' : local === true ? '--local' : undefined;
  const asks = region !== undefined ? '--region' : profile !== undefined ? '--profile' : undefined;
  if (other !== undefined && asks !== undefined) { throw new UsageError(`${asks} is of AWS, which ${other} does not ask`); }
  if (markdown === true && isJson) { throw new UsageError('--json and --markdown both say how the plan is printed: give one of them'); }
}

/** A parameter that no stack has is a name that was mistyped. */
function requireDeclared(parameters: { readonly [name: string]: string }, stacks: readonly AssemblyStack[]): void {
  const declared = stacks.flatMap((stack) => Object.keys((templateOfStack(stack) as { readonly Parameters?: object }).Parameters ?? {}));
  const unknown = Object.keys(parameters).find((name) => !declared.includes(name));
  if (unknown !== undefined) { throw new CommandError(`--parameters ${unknown}: none of the stacks has a parameter of that name`); }
}

function readPrices(file: string): PriceList {
  const text = textOf(`--prices ${file}`, file);
  try {
    return priceListOf(JSON.parse(text), text);
  } catch (error) {
    throw new CommandError(`--prices ${file} is no price list: ${(error as Error).message}`);
  }
}

/** What stacks are compared with. */
class Sides {
  private readonly accounts = new Map<string, Promise<Deployed>>();
  private readonly others?: readonly AssemblyStack[];

  constructor(private readonly options: PlanOptions, private readonly askAws: AskAws) {
    if (options.against !== undefined) { this.others = stacksIn(options.against); }
  }

  async of(stack: AssemblyStack): Promise<{ readonly side: StackSide | undefined; readonly name: string }> {
    const { local, against, state } = this.options;
    if (this.others !== undefined) {
      const other = this.others.find(({ displayName }) => displayName === stack.displayName) ?? this.others.find(({ stackName }) => stackName === stack.stackName);
      return { side: other && assemblySide(other, this.others), name: against as string };
    }
    return local === true ? { side: localSide(state, stack.stackName), name: 'the local AWS' } : this.atAws(stack);
  }

  close(): void {
    for (const account of this.accounts.values()) { void account.then((each) => each.close(), () => undefined); }
  }

  private async atAws(stack: AssemblyStack) {
    const { profile } = this.options;
    const region = stack.region ?? this.options.region;
    const key = region ?? '';
    const account = this.accounts.get(key) ?? this.askAws({ region, profile });
    this.accounts.set(key, account);
    const side = await (await account).side(stack.stackName, stack.paths, JSON.stringify(templateOfStack(stack)).includes('Fn::ImportValue'));
    if (stack.account !== undefined && side.account !== stack.account) { throw new CommandError(`${stack.displayName} is deployed to the account ${stack.account}, and the credentials are of ${String(side.account)}: give --profile`); }
    return { side, name: side.name };
  }
}

function stacksIn(folder: string): AssemblyStack[] {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) { throw new CommandError(`--against ${folder}: no such folder`); }
  try {
    return stacksOf(resolve(folder));
  } catch (error) {
    throw new CommandError(`--against: ${(error as Error).message}`);
  }
}
