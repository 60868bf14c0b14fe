/** Our Lambdas on a laptop: by name, each under a role of its own that may do no more than on AWS. */
import { EC2Client } from "@aws-sdk/client-ec2";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { PricingClient } from "@aws-sdk/client-pricing";
import { SFNClient } from "@aws-sdk/client-sfn";
import { STSClient } from "@aws-sdk/client-sts";
import type { Table } from "../adapters/store/table.ts";
import { access, functionNames, type FunctionName } from "../lambdas/access.ts";
import { awaitHealthyStep } from "../lambdas/await-healthy/step.ts";
import { checkEligibilityStep } from "../lambdas/check-eligibility/step.ts";
import { decideStep } from "../lambdas/decide/step.ts";
import { filterStep } from "../lambdas/filter/step.ts";
import { freezeOriginalStep } from "../lambdas/freeze-original/step.ts";
import { janitorStep } from "../lambdas/janitor/step.ts";
import { launchStep } from "../lambdas/launch/step.ts";
import { moveIdentityStep } from "../lambdas/move-identity/step.ts";
import { openEvaluationStep } from "../lambdas/open-evaluation/step.ts";
import { predictStep } from "../lambdas/predict/step.ts";
import { prepareImageStep } from "../lambdas/prepare-image/step.ts";
import { recordStep } from "../lambdas/record/step.ts";
import { replaceRootStep } from "../lambdas/replace-root/step.ts";
import { retireOriginalStep } from "../lambdas/retire-original/step.ts";
import { rollBackStep } from "../lambdas/roll-back/step.ts";
import { createContext, type StepContext } from "../lambdas/runtime/context.ts";
import type { Log } from "../lambdas/runtime/log.ts";
import { runStep, type Step } from "../lambdas/runtime/step.ts";
import { scrapeStep } from "../lambdas/scrape/step.ts";
import { sweepStep } from "../lambdas/sweep/step.ts";
import { verifyStep } from "../lambdas/verify/step.ts";
import type { AdvisorFeed } from "./cloud/advisor-feed.ts";
import type { Cloud } from "./cloud/dispatch.ts";
import { localClientConfig } from "./wire/front/client-config.ts";

/** The region that our own account works in. */
export const homeRegion = "us-east-1";

export type Front = "in-process" | "direct";

export interface FunctionsOptions {
  readonly cloud: Cloud;
  readonly feed: AdvisorFeed;
  readonly table: Table;
  readonly front: Front;
  readonly log: Log;
  readonly randomId: () => string;
  /** Known once the workflow is registered. */
  readonly linearStateMachineArn: () => string;
}

export interface LocalFunctions {
  /**
   * @throws what the step throws; Error for a name that is no function of ours. May be put another in front of:
   * that is how a test kills a function.
   */
  invoke: (name: string, payload: unknown) => Promise<unknown>;
  contextOf(name: FunctionName): StepContext;
  workflowsOf(name: FunctionName): SFNClient;
  readonly roleArns: Readonly<Record<FunctionName, string>>;
}

const evaluationSteps = [
  openEvaluationStep,
  checkEligibilityStep,
  scrapeStep,
  filterStep,
  predictStep,
  decideStep,
  prepareImageStep,
  launchStep,
  awaitHealthyStep,
  freezeOriginalStep,
  replaceRootStep,
  moveIdentityStep,
  verifyStep,
  retireOriginalStep,
  rollBackStep,
  recordStep,
  janitorStep,
] as const;

type Runner = (event: unknown) => Promise<unknown>;

const createRoles = ({ cloud }: FunctionsOptions): Readonly<Record<FunctionName, string>> => {
  const { identities } = cloud;
  const roles = functionNames.map((name) => {
    const role = identities.addRole({
      accountId: identities.ownAccountId,
      name: `spot-optimizer-local-${name}`,
      trustedPrincipals: [],
      allow: access[name].own,
    });
    return [name, role.arn] as const;
  });
  return Object.fromEntries(roles) as Record<FunctionName, string>;
};

export const createFunctions = (options: FunctionsOptions): LocalFunctions => {
  const { cloud, feed, table, front, log } = options;
  const now = (): Date => new Date(cloud.clock.now());
  const roleArns = createRoles(options);

  const ownConfig = (name: FunctionName, region: string) =>
    localClientConfig(cloud, {
      region,
      front,
      credentials: cloud.identities.openSession({ roleArn: roleArns[name], sessionName: name }),
    });

  const workflowsOf = (name: FunctionName): SFNClient => new SFNClient(ownConfig(name, homeRegion));

  const contextOf = (name: FunctionName): StepContext =>
    createContext({
      now,
      table,
      log,
      fetch: feed.fetch,
      advisorFeedUrl: `https://advisor.local${feed.path}`,
      clients: {
        sts: new STSClient(ownConfig(name, homeRegion)),
        pricing: new PricingClient(ownConfig(name, homeRegion)),
        marketEc2: (region) => new EC2Client(ownConfig(name, region)),
        customer: (credentials, region) => {
          const config = localClientConfig(cloud, { region, front, credentials });
          return {
            ec2: new EC2Client(config),
            elb: new ElasticLoadBalancingV2Client(config),
          };
        },
      },
    });

  const runnerOf = <Input, Output>(step: Step<Input, Output>): Runner => {
    const context = contextOf(step.name as FunctionName);
    return (event) => runStep(step, context, event);
  };

  const runners = new Map<string, Runner>(
    evaluationSteps.map((step) => [step.name, runnerOf(step as Step<unknown, unknown>)]),
  );
  const sweepParts = {
    log,
    table,
    now,
    sfn: workflowsOf("sweep"),
    randomId: options.randomId,
  };
  runners.set("sweep", (event) =>
    runStep(
      sweepStep,
      { ...sweepParts, linearStateMachineArn: options.linearStateMachineArn() },
      event,
    ),
  );

  return {
    roleArns,
    contextOf,
    workflowsOf,
    invoke: async (name, payload) => {
      const run = runners.get(name);
      if (run === undefined) throw new Error(`${name} is no function of ours.`);
      return run(payload);
    },
  };
};
