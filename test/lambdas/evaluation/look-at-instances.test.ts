import { describe, expect, it } from "@jest/globals";
import { readPlace } from "../../../adapters/aws/fleet/read-place.ts";
import { getAccount } from "../../../adapters/store/accounts.ts";
import { keepDeploymentId } from "../../../adapters/store/deployment.ts";
import { getEvaluation, loadFacts, withMarket } from "../../../adapters/store/evaluations.ts";
import { listTargets } from "../../../adapters/store/targets.ts";
import { judgeInPlace } from "../../../core/decide/fleet/judge-in-place.ts";
import type { MarketedFacts } from "../../../core/model/evaluation.ts";
import { deploymentIdSchema, evaluationIdSchema } from "../../../core/model/ids.ts";
import type { TargetOf } from "../../../core/model/target.ts";
import type { Verdict } from "../../../core/model/verdict.ts";
import { effectivePolicy, type Policy } from "../../../core/policy/policy.ts";
import { findModel } from "../../../core/risk/registry.ts";
import { openLooks, type Looks } from "../../../lambdas/evaluation/look-at-instances.ts";
import { runToEnd } from "../../../local/lab/run.ts";
import {
  addTargetGroup,
  register,
  requireInstance,
  startEvaluation,
  type Workload,
} from "../../../local/lab/subject.ts";
import {
  accountId,
  addFleet,
  openPlace,
  region,
  type PlaceAccount,
} from "../../adapters/aws/fleet/place-account.ts";

const consents = { accept_change_of: ["primary-private-ip", "public-ip", "ipv6"] };

const present = <Thing>(thing: Thing | undefined): Thing => {
  if (thing === undefined) throw new Error("Something is missing that the test has made.");
  return thing;
};

const shapes: readonly Workload[] = [
  { instanceType: "m5.large", elasticIp: true, dataVolumes: [{ sizeGib: 10 }] },
  { instanceType: "m5.large", keyName: "ops", placementGroup: "near" },
  { instanceType: "m5.large", disableApiTermination: true },
  { instanceType: "r5.large", rootEncrypted: true },
];

const targetsIn = async ({ account }: PlaceAccount): Promise<readonly TargetOf<"LINEAR">[]> => {
  const { items } = await listTargets(account.table, { limit: 100 });
  return items.flatMap((target) => (target.pipelineMode === "LINEAR" ? [target] : []));
};

const policyOf = ({ policyOverrides }: TargetOf<"LINEAR">): Policy =>
  effectivePolicy("LINEAR", policyOverrides);

interface Workflow {
  readonly facts: MarketedFacts<"LINEAR">;
  readonly verdict: Verdict;
}

/** What the workflow reads of the target and concludes. */
const evaluate = async (
  { account }: PlaceAccount,
  { targetId }: TargetOf<"LINEAR">,
): Promise<Workflow & { readonly isMarketed: boolean }> => {
  const started = await startEvaluation(account, targetId);
  await runToEnd(account, started.execution_arn);
  const id = evaluationIdSchema.parse(started.evaluation_id);
  const stored = present(await loadFacts(account.table, id));
  const { verdict } = present(await getEvaluation(account.table, id));
  const { market } = stored;
  return {
    // Without a market it was refused before.
    facts: (market === undefined
      ? stored
      : await withMarket(account.table, { ...stored, market })) as MarketedFacts<"LINEAR">,
    verdict: present(verdict),
    isMarketed: market !== undefined,
  };
};

const open = async (place: PlaceAccount) => {
  const { account } = place;
  const { table, platform } = account;
  const registered = present(await getAccount(table, accountId));
  const context = platform.functions.contextOf("linear-check-eligibility");
  const clients = await context.customer(registered, region, "looking");
  const now = context.now();
  const reading = await readPlace(clients, { accountId, region, now, takesGroups: false });
  const deploymentId = await keepDeploymentId(table, deploymentIdSchema.parse("dpl-0123456789"));
  const targets = await targetsIn(place);
  const looksBy = (types: MarketedFacts["market"]["types"]): Promise<Looks> =>
    openLooks({
      clients,
      place: { table, account: registered, region, now },
      reading,
      deploymentId,
      types,
      targets,
    });
  return { account: registered, reading, deploymentId, targets, looksBy };
};

describe("a close look", () => {
  it("has all that the workflow reads of an instance, so that the verdict is the workflow's", async () => {
    const place = await openPlace();
    const ids = addFleet(place, shapes.length, shapes);
    const [balanced = ""] = ids;
    addTargetGroup(place.account, requireInstance(place.account, balanced), { name: "web" });
    for (const id of ids) {
      await register(place.account, requireInstance(place.account, id), {
        isShadowMode: true,
        policyOverrides: consents,
      });
    }
    const { account, reading, deploymentId, targets, looksBy } = await open(place);
    expect(targets).toHaveLength(shapes.length);
    const workflows = new Map<string, Workflow & { readonly isMarketed: boolean }>();
    for (const target of targets) workflows.set(target.targetId, await evaluate(place, target));
    const { market } = present([...workflows.values()].find((one) => one.isMarketed)).facts;
    const looks = await looksBy(market.types);
    for (const target of targets) {
      const { facts, verdict } = present(workflows.get(target.targetId));
      const closeLook = present(await looks.at(target, policyOf(target)));
      const judged = judgeInPlace("LINEAR", {
        reading,
        target,
        account,
        policy: policyOf(target),
        policyVersion: verdict.policyVersion,
        model: findModel(),
        riskModel: present(facts.riskModel),
        market,
        memory: market,
        deploymentId,
        linearTargets: [],
        closeLook,
      });
      if (judged.kind !== "JUDGED") throw new Error(judged.failure.cause);
      expect(judged.facts.instance).toEqual({
        ...facts.instance,
        // Asked of those alone that nothing else stands against.
        ...(facts.launch === undefined && {
          placementGroup: judged.facts.instance?.placementGroup,
        }),
      });
      if (facts.launch !== undefined) expect(judged.facts.launch).toEqual(facts.launch);
      expect(judged.verdict).toMatchObject({ kind: verdict.kind, reason: verdict.reason });
      expect(judged.verdict.unchecked).toBeUndefined();
    }
  });

  it("takes three calls for each instance, and few for all of them", async () => {
    const count = 20;
    const place = await openPlace();
    for (const id of addFleet(place, count, [{ instanceType: "m5.large", keyName: "ops" }])) {
      addTargetGroup(place.account, requireInstance(place.account, id), {
        name: `t-${id.slice(2, 12)}`,
      });
      await register(place.account, requireInstance(place.account, id), {
        policyOverrides: consents,
      });
    }
    const { targets, looksBy } = await open(place);
    const looks = await looksBy([]);
    const { clock } = place.account;
    const calls = place.account.platform.cloud.journal;
    const before = calls.length;
    for (const target of targets) {
      await looks.at(target, policyOf(target));
      await clock.run({ atMostMs: clock.now() + 2_000 });
    }
    const made = calls.slice(before).map(({ operation }) => operation);
    const ofInstances = made.filter((name) =>
      ["DescribeInstanceAttribute", "RunInstances"].includes(name),
    );
    expect(ofInstances).toHaveLength(3 * count);
    const others = made.filter((name) => !ofInstances.includes(name));
    expect(others.filter((name) => name === "DescribeTargetHealth")).toHaveLength(count);
    expect(others.filter((name) => name === "DescribeKeyPairs")).toHaveLength(1);
  });
});
