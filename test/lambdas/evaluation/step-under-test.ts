/** One running evaluation in a table in memory, with a clock that the test moves, and every write noted in order. */
import { PricingClient } from "@aws-sdk/client-pricing";
import { STSClient } from "@aws-sdk/client-sts";
import * as z from "zod";
import { createAccount } from "../../../adapters/store/accounts.ts";
import {
  createEvaluation,
  getEvaluation,
  loadEvaluation,
} from "../../../adapters/store/evaluations.ts";
import { acquireLease } from "../../../adapters/store/leases.ts";
import type { Table } from "../../../adapters/store/table.ts";
import { updateSwap } from "../../../adapters/store/swaps.ts";
import { createTarget } from "../../../adapters/store/targets.ts";
import type { Account } from "../../../core/model/account.ts";
import type { LinearEvaluation } from "../../../core/model/evaluation.ts";
import type { Swap } from "../../../core/model/swap.ts";
import type { ClientName, StepContext } from "../../../lambdas/runtime/context.ts";
import { createCustomerAccess } from "../../../lambdas/runtime/customer-access.ts";
import {
  defineEvaluationStep,
  evaluationInputSchema,
  type EvaluationStepDefinition,
} from "../../../lambdas/evaluation/evaluation-step.ts";
import { leaseSeconds } from "../../../lambdas/evaluation/lease.ts";
import { openSession, type EvaluationSession } from "../../../lambdas/evaluation/session.ts";
import type { LogKeys } from "../../../lambdas/runtime/log.ts";
import { runStep } from "../../../lambdas/runtime/step.ts";
import { createMemoryTable } from "../../../local/platform/memory-table.ts";
import { account, after, evaluation, start, target } from "../../adapters/store/examples.ts";

export const { evaluationId } = evaluation(1);

/** What a key is about: `EVALUATION#evl-1/INTENT#stop` is an INTENT. */
const kindOf = ({ pk, sk }: { readonly pk: string; readonly sk: string }): string => {
  const [kind = ""] = (pk.startsWith("EVALUATION#") ? sk : pk).split("#");
  return kind;
};

const noting = (table: Table, events: string[]): Table => ({
  get: (key) => {
    const kind = kindOf(key);
    if (kind === "KILL_SWITCH" || kind === "LEASE") events.push(`read ${kind}`);
    return table.get(key);
  },
  put: (item, condition) => {
    events.push(`write ${kindOf(item)}`);
    return table.put(item, condition);
  },
  query: (input) => table.query(input),
  delete: (key, condition) => table.delete(key, condition),
});

export interface StepUnderTest {
  readonly table: Table;
  readonly context: StepContext<ClientName>;
  readonly resource: string;
  /** Writes, and readings of kill switch and lease, in order; a test may add to them. */
  readonly events: string[];
  readonly logged: readonly { readonly message: string; readonly keys: LogKeys | undefined }[];
  pass(seconds: number): void;
  session(): Promise<EvaluationSession>;
  record(): Promise<LinearEvaluation>;
  swaps(): Promise<readonly Swap[]>;
}

/** None of these is called: what a step does in the customer's account is tested on the whole platform. */
const region = "eu-central-1";

const uncalled = (): never => {
  throw new Error("A client was made: this step is tested on the whole platform.");
};

export const stepUnderTest = async (
  change: {
    readonly evaluation?: Partial<LinearEvaluation>;
    readonly swap?: Swap;
    readonly account?: Partial<Account>;
  } = {},
): Promise<StepUnderTest> => {
  const memory = createMemoryTable();
  const record = evaluation(1, change.evaluation);
  const [{ resource }] = record.leases;
  await createAccount(memory, account(change.account));
  await createTarget(memory, target(1));
  await createEvaluation(memory, record);
  const owner = record.evaluationId;
  const { swap } = change;
  if (swap !== undefined) {
    await updateSwap(memory, { evaluationId: owner, swapId: swap.swapId, change: () => swap });
  }
  await acquireLease(memory, { resource, owner, now: start, seconds: leaseSeconds });
  const events: string[] = [];
  const logged: { readonly message: string; readonly keys: LogKeys | undefined }[] = [];
  let seconds = 0;
  const note = (message: string, keys?: LogKeys): void => {
    logged.push({ message, keys });
  };
  const table = noting(memory, events);
  const context: StepContext<ClientName> = {
    now: () => after(seconds),
    pause: () => Promise.resolve(),
    table,
    log: { info: note, warn: note, error: note },
    fetch,
    connect: () => Promise.reject(new Error("no network here")),
    advisorFeedUrl: "https://advisor.test/feed.json",
    pricing: new PricingClient({ region }),
    marketEc2: uncalled,
    ...createCustomerAccess({
      sts: new STSClient({ region }),
      now: () => after(seconds),
      makers: {
        autoScaling: uncalled,
        backup: uncalled,
        cloudWatch: uncalled,
        ec2: uncalled,
        ecs: uncalled,
        eks: uncalled,
        kubernetes: uncalled,
        elb: uncalled,
        classicElb: uncalled,
        resourceGroups: uncalled,
        kms: uncalled,
        route53: uncalled,
        serviceQuotas: uncalled,
        sns: uncalled,
        ssm: uncalled,
        cloudFormation: uncalled,
      },
    }),
  };
  return {
    table,
    context,
    resource,
    events,
    logged,
    pass: (more) => {
      seconds += more;
    },
    session: () => openSession(context, owner, true),
    record: async () => {
      const stored = await getEvaluation(memory, owner);
      if (stored?.mode !== "LINEAR") throw new Error(`There is no evaluation ${owner} of LINEAR.`);
      return stored;
    },
    swaps: async () => (await loadEvaluation(memory, owner))?.swaps ?? [],
  };
};

interface Input {
  readonly evaluationId: typeof evaluationId;
}
interface Output {
  readonly kind: string;
  readonly summary: string;
}
type Definition = EvaluationStepDefinition<Input, Output, "LINEAR">;

const output = z.object({ kind: z.string(), summary: z.string() });

/** A step that does this and no more. */
export const stepThat = (run: Definition["run"], change: Partial<Definition> = {}) =>
  defineEvaluationStep({
    name: "scrape",
    mode: "LINEAR",
    input: evaluationInputSchema,
    output,
    run,
    ...change,
  });

export const answers = (kind: string, summary = "It is so.") =>
  stepThat(() => Promise.resolve({ output: { kind, summary } }));

export const run = (under: StepUnderTest, step: ReturnType<typeof stepThat>) =>
  runStep(step, under.context, { evaluationId });
