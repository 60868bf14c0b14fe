import { describe, expect, it } from "@jest/globals";
import { judgeOf } from "../../../../core/decide/judges.ts";
import type { Choice } from "../../../../core/decide/offers/choice.ts";
import { filterCandidates } from "../../../../core/decide/offers/candidates.ts";
import { judgeKubernetes } from "../../../../core/decide/kubernetes/verdict.ts";
import type { FactsOn } from "../../../../core/model/evaluation.ts";
import { currentJudgementVersion } from "../../../../core/model/judgement-version.ts";
import { poolKey } from "../../../../core/model/market.ts";
import type { TargetOf } from "../../../../core/model/target.ts";
import type { Policy } from "../../../../core/policy/policy.ts";
import { estimateRisks } from "../../../../core/risk/predict.ts";
import { findModel } from "../../../../core/risk/registry.ts";
import { labAccount, openMarket } from "../linear/eligible-facts.ts";
import {
  managed,
  nodes,
  nodesGroup,
  nodesPolicy,
  nodesTarget,
  onSpot,
  plainView,
  podOn,
  selfManaged,
} from "./plain-nodes.ts";

const judge = (
  facts: FactsOn<"KUBERNETES">,
  {
    target = nodesTarget(),
    policy = nodesPolicy(),
  }: { readonly target?: TargetOf<"KUBERNETES">; readonly policy?: Policy } = {},
): Choice =>
  judgeKubernetes({
    account: labAccount,
    target,
    facts: { ...facts, market: openMarket },
    policy,
    policyVersion: "pol-0123456789ab",
    model: findModel(),
    judgementVersion: currentJudgementVersion,
    isAskedFor: true,
  });

const ofManaged = {
  target: nodesTarget("ALL", true),
  policy: nodesPolicy({ spotNodeGroup: "workers-spot" }),
};

const heavy = (cpu: number): FactsOn<"KUBERNETES"> => {
  const pod = podOn(1);
  const placement = { ...pod.placement, requests: { cpu, memory: 10 * 1024 ** 3 } };
  return {
    ...selfManaged,
    view: { ...plainView, pods: [{ ...pod, placement }, ...plainView.pods.slice(1)] },
  };
};

describe("the verdict on nodes", () => {
  it("replaces all On-Demand nodes of a group, one after the other, from pools of their zones", () => {
    const { verdict } = judge(selfManaged);
    expect(verdict.kind).toBe("SWITCH");
    expect(verdict.sentence).toContain(
      "4 of 4 nodes are to go, one after the other: node-1, node-2, node-3 and node-4.",
    );
    expect(new Set(verdict.offers.map(({ zoneId }) => zoneId))).toEqual(
      new Set(["use1-az4", "use1-az1"]),
    );
  });

  it("offers the one node that is named pools of its own zone alone", () => {
    const [first] = nodesGroup.members;
    const { verdict } = judge(
      { ...selfManaged, onlyInstance: first?.instanceId ?? nodesTarget().instanceId },
      { target: nodesTarget("ONE") },
    );
    expect(verdict).toMatchObject({ kind: "SWITCH" });
    expect(new Set(verdict.offers.map(({ zoneId }) => zoneId))).toEqual(new Set(["use1-az4"]));
  });

  it("offers only types on which all pods of the node find room", () => {
    const { verdict, offers } = judge(
      { ...heavy(1), onlyInstance: nodesTarget().instanceId },
      {
        target: nodesTarget("ONE"),
      },
    );
    expect(verdict.offers.map(({ instanceType }) => instanceType)).toEqual(["r5.large"]);
    const m5 = offers.find(
      ({ pool }) => pool.instanceType === "m5.large" && pool.zoneId === "use1-az4",
    );
    expect(m5?.rejection).toMatchObject({ code: "TYPE_WITHOUT_ROOM" });
    expect(m5?.rejection?.sentence).toContain("6.7 GiB of memory, and its pods need 10.0 GiB");
  });

  it("names of a zone only pools that do for each of its nodes", () => {
    const { verdict, offers } = judge(heavy(1));
    // What does for any of them is not rejected in the record.
    const keys = new Set(verdict.offers.map(poolKey));
    const named = offers.filter(({ pool }) => keys.has(poolKey(pool)));
    expect(named.map(({ rejection }) => rejection)).toEqual(named.map(() => undefined));
    expect(verdict.sentence).toContain("4 of 4 nodes are to go");
    const inZone = (zoneId: string) =>
      verdict.offers.flatMap((pool) => (pool.zoneId === zoneId ? [pool.instanceType] : [])).sort();
    expect(inZone("use1-az4")).toEqual(["r5.large"]);
    expect(inZone("use1-az1")).toEqual(["m5.large", "r5.large"]);
  });

  it("stays where no type has room", () => {
    const { verdict } = judge(
      { ...heavy(3), onlyInstance: nodesTarget().instanceId },
      {
        target: nodesTarget("ONE"),
      },
    );
    expect(verdict).toMatchObject({ kind: "STAY", reason: "NO_CANDIDATE" });
  });

  it("leaves a node alone whose pods may not be moved, and tells why", () => {
    const pods = [podOn(1, { of: undefined } as never), ...plainView.pods.slice(1)];
    const { verdict } = judge({ ...selfManaged, view: { ...plainView, pods } });
    expect(verdict.kind).toBe("SWITCH");
    expect(verdict.sentence).toContain("3 of 4 nodes are to go");
    expect(verdict.sentence).toContain("Left alone: node-1: Pod shop/web-1 has no controller");
  });

  it("refuses where each node is blocked, naming the first and the codes of the others", () => {
    const pods = [1, 2, 3, 4].map((number) => podOn(number, { isOfGang: true }));
    const { verdict } = judge({ ...selfManaged, view: { ...plainView, pods } });
    expect(verdict).toMatchObject({ kind: "REFUSE", reason: "POD_OF_GANG" });
  });

  it("stays where what blocks them passes by itself", () => {
    const notReady = nodes.map((node) => ({
      ...node,
      conditions: [{ type: "Ready", status: "Unknown" as const }],
    }));
    const { verdict } = judge({ ...selfManaged, view: { ...plainView, nodes: notReady } });
    // No other is left to which load balancers may send traffic.
    expect(verdict).toMatchObject({ kind: "REFUSE", reason: "ONLY_BALANCED_NODE" });
    const [one, ...others] = notReady;
    const { verdict: ofOne } = judge(
      {
        ...selfManaged,
        onlyInstance: nodesTarget().instanceId,
        view: { ...plainView, nodes: [one ?? nodes[0], ...nodes.slice(1)].flatMap((n) => n ?? []) },
      },
      { target: nodesTarget("ONE") },
    );
    expect(others).toHaveLength(3);
    expect(ofOne).toMatchObject({ kind: "STAY", reason: "NODE_NOT_READY" });
    expect(ofOne.retryAt).toBeDefined();
  });

  it("refuses nothing where all stand on Spot already", () => {
    const group = { ...nodesGroup, members: [1, 2, 3, 4].map(onSpot) };
    expect(judge({ ...selfManaged, group }).verdict).toMatchObject({
      kind: "STAY",
      reason: "NODES_ALREADY_SPOT",
    });
  });

  it("sends nodes of a managed group to the types of its Spot node group alone", () => {
    const { verdict, offers } = judge(managed, ofManaged);
    expect(verdict.kind).toBe("SWITCH");
    expect(verdict.sentence).toContain("to Spot node group workers-spot");
    expect(offers.length).toBeGreaterThan(0);
    const { spotNodeGroup } = managed;
    const onlyR5 = {
      ...managed,
      spotNodeGroup: { ...(spotNodeGroup ?? managed.nodeGroup), instanceTypes: ["r5.large"] },
    } as FactsOn<"KUBERNETES">;
    const other = judge(onlyR5, ofManaged);
    expect(new Set(other.verdict.offers.map(({ instanceType }) => instanceType))).toEqual(
      new Set(["r5.large"]),
    );
  });

  it("leaves nodes of a managed group where one of the types that EKS may pick has no room", () => {
    const pods = heavy(1).view?.pods ?? [];
    const facts = {
      ...managed,
      view: { ...plainView, pods },
      onlyInstance: nodesTarget().instanceId,
    };
    const { verdict } = judge(facts, { ...ofManaged, target: nodesTarget("ONE", true) });
    expect(verdict).toMatchObject({ kind: "REFUSE", reason: "PODS_DO_NOT_FIT" });
    expect(verdict.sentence).toContain("m5.large has");
  });

  it("tells with the verdict what of the pods is lost or interrupted", () => {
    const volumes = { claims: [], hasEmptyDir: true, hostPaths: ["/var/log"] };
    const pods = [podOn(1, { volumes }), ...plainView.pods.slice(1)];
    const { verdict } = judge({ ...selfManaged, view: { ...plainView, pods } });
    expect(verdict.sentence).toContain("Pod shop/web-1 loses what it has in an emptyDir volume.");
    expect(verdict.sentence).toContain("uses /var/log of the node itself");
  });

  it("tells that volumes stay in their zone where the group may launch in another", () => {
    const volume = {
      name: "pv-1",
      isOnNode: false,
      nodeSelectorTerms: [
        {
          matchExpressions: [
            { key: "topology.ebs.csi.aws.com/zone", operator: "In", values: ["us-east-1a"] },
          ],
        },
      ],
    };
    const said = (volumes: typeof plainView.volumes): string =>
      judge({ ...selfManaged, view: { ...plainView, volumes } }).verdict.sentence;
    expect(said([volume])).toContain("1 volume of these pods (pv-1) can be mounted in one zone");
    expect(said([{ ...volume, nodeSelectorTerms: [] }])).not.toContain("pv-1");
  });

  it("tells that nobody could look for pods of webhooks, and of one that could nothing", () => {
    const said = (view: typeof plainView): string =>
      judge({ ...selfManaged, view }).verdict.sentence;
    expect(said({ ...plainView, areWebhooksHidden: true })).toContain("webhooks was not checked");
    expect(said({ ...plainView, webhookServices: [] })).not.toContain("webhooks");
  });

  it("is the same step by step", () => {
    const facts = { ...selfManaged, market: openMarket };
    const policy = nodesPolicy();
    const steps = judgeOf("KUBERNETES");
    const need = steps.needOf(facts, policy);
    const model = findModel();
    const candidates = filterCandidates({ need, market: openMarket, policy });
    const offers = estimateRisks({
      candidates,
      market: openMarket,
      policy,
      model,
      ...(need.fleet === undefined ? {} : { fleet: need.fleet }),
      isStandingJudged: true,
    });
    const choice = steps.choose({
      facts,
      policy,
      policyVersion: "pol-0123456789ab",
      offers,
      modelVersion: model.version,
      judgementVersion: currentJudgementVersion,
    });
    expect(judge(selfManaged).offers).toEqual(choice.offers);
    expect(judge(selfManaged).verdict.offers).toEqual(choice.verdict.offers);
  });
});
