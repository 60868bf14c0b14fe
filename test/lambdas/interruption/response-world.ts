/** A target in an account that forwards all that AWS tells: what tests of the answer to an event share. */
import { listEvaluations } from "../../../adapters/store/evaluations.ts";
import { listLosses } from "../../../adapters/store/pools.ts";
import type { Evaluation } from "../../../core/model/evaluation.ts";
import { targetIdSchema } from "../../../core/model/ids.ts";
import type { Lab } from "../../../local/lab/contract.ts";
import { createLabAtRisk, createLabOnSpot, type LabOptions } from "../../../local/lab/lab.ts";
import { lossy } from "../../../local/lab/scenarios.ts";
import {
  applyEventTemplate,
  type TemplateParameters,
} from "../../../local/platform/customer-account.ts";

export const minuteMs = 60_000;
/** Not his default: an end that no warning told is told by its state then. */
export const everything: TemplateParameters = { ForwardStateChanges: "true" };

interface Answer {
  readonly outcomes: Readonly<Record<string, number>>;
  readonly responses: Readonly<Record<string, number>>;
}

export interface World {
  readonly lab: Lab;
  readonly answers: readonly Answer[];
  /** In the order in which they came. */
  responses(): readonly string[];
  pass(ms: number): Promise<void>;
  interrupt(): void;
  /** The event alone: EC2 does what it did before. */
  tell(detail: Readonly<Record<string, string>>, time?: string): void;
  evaluations(): Promise<readonly Evaluation[]>;
}

/** From now on its account forwards what AWS tells, and what the function answers is kept. */
export const listenTo = async (lab: Lab, parameters: TemplateParameters = {}): Promise<World> => {
  const { platform, account, clock } = lab;
  const { accountId, region } = account;
  const yaml = await account.api.getText(`/accounts/${accountId}/role-template`);
  applyEventTemplate(platform, { accountId, region, yaml, parameters });
  await platform.functions.invoke("interruption-open-bus", {});
  const answers: Answer[] = [];
  const { functions } = platform;
  const { invoke } = functions;
  functions.invoke = async (name, payload, arn) => {
    const answer = await invoke(name, payload, arn);
    if (name === "interruption-receive") answers.push(answer as Answer);
    return answer;
  };
  return {
    lab,
    answers,
    responses: () => answers.flatMap(({ responses }) => Object.keys(responses)),
    pass: (ms) => clock.run({ atMostMs: clock.now() + ms }),
    interrupt: () => {
      lab.control.interrupt(lab.originalId);
    },
    tell: (detail, time = new Date(clock.now()).toISOString()) => {
      platform.eventBridge.hear({
        version: "0",
        id: "1",
        "detail-type": "EC2 Spot Instance Interruption Warning",
        source: "aws.ec2",
        account: accountId,
        time,
        region,
        resources: [],
        detail,
      });
    },
    evaluations: async () => {
      const targetId = targetIdSchema.parse(lab.targetId);
      const { items } = await listEvaluations(lab.table, { targetId, limit: 20 });
      // Without the switch that brought it to Spot, or was to.
      return items.slice(0, -1);
    },
  };
};

/** A target stands on Spot, and whatever its account can tell is told. */
export const openWorld = async (options: LabOptions = lossy): Promise<World> => {
  const lab = await createLabOnSpot(options);
  const world = await listenTo(lab, everything);
  lab.watch.excuse("original");
  return world;
};

/** A target of a PROD account stands on Spot: what it loses counts for its pool. */
export const openAtRisk = async (
  options: LabOptions = lossy,
  parameters: TemplateParameters = {},
): Promise<World> => {
  const policy = { ...options.policy, allow_prod_linear: true, accept_unproved: true };
  return listenTo(await createLabAtRisk({ ...options, environment: "PROD", policy }), parameters);
};

export const lossesOf = ({ lab: { table, account } }: World): ReturnType<typeof listLosses> =>
  listLosses(table, { region: account.region, since: new Date(0).toISOString() });
