/** EC2 takes a node back: it is cordoned and emptied within its notice, and its group launches another at once. docs/workflows/kubernetes.md tells how. */
import { describe, expect, it } from "@jest/globals";
import { listEvaluations } from "../../../adapters/store/evaluations.ts";
import { getTarget } from "../../../adapters/store/targets.ts";
import { exclusionLabel } from "../../../core/decide/kubernetes/claims.ts";
import { instanceIdSchema, targetIdSchema, type InstanceId } from "../../../core/model/ids.ts";
import { kubernetesFunctions } from "../../../lambdas/access/kubernetes.ts";
import { startResponse, type ResponseStart } from "../../../lambdas/evaluation/respond.ts";
import type { Pod } from "../../../local/cloud/kubernetes/objects.ts";
import { refuse } from "../../../local/cloud/kubernetes/refusals.ts";
import { isOurCall } from "../../../local/lab/cluster-mirror.ts";
import { haltSwitches } from "../../../local/lab/halted.ts";
import { harmChange, hearChanges, nodeHarms } from "../../../local/lab/node-harm.ts";
import { changesOf } from "../../../local/lab/node-judge.ts";
import {
  createNodeLab,
  type NodeEnding,
  type NodeLab,
  type NodeLabOptions,
} from "../../../local/lab/node-lab.ts";
import { nameOfBegin, recallRepeated } from "../../../local/lab/recordings.ts";
import { applyEventTemplate } from "../../../local/platform/customer-account.ts";
import { answering } from "./call-matrix.ts";

const noticeMs = 120_000;

/** One of two nodes stands on Spot, attached by a conversion, and pods run on both. */
const convertedNode: NodeLabOptions = {
  nodes: { size: 2, min: 1, max: 6, zones: 1 },
  workloads: [
    { kind: "Deployment", name: "web", replicas: 6, cpu: "50m", budget: { maxUnavailable: 1 } },
  ],
};

/** Nobody looks at that conversion. */
const converted = (own: NodeLabOptions = {}): Promise<NodeLab> => {
  const options = { ...convertedNode, ...own };
  return recallRepeated(nameOfBegin("a node on Spot", options), async (runs) => {
    const lab = await createNodeLab({
      ...options,
      ...(runs === undefined ? {} : { around: runs }),
    });
    const { status } = await lab.run();
    expect(status).toBe("SWITCHED");
    return lab;
  });
};

const groupsOf = ({ platform, cluster }: NodeLab) =>
  [cluster.groupName, cluster.spotGroupName].map((name) =>
    platform.autoScaling.control.find({ ...cluster.place, name }),
  );

/** Its target's. */
const spotNodeOf = (lab: NodeLab): InstanceId => {
  const members = groupsOf(lab).flatMap((group) => group?.members ?? []);
  return instanceIdSchema.parse(members.find(({ lifecycle }) => lifecycle === "spot")?.instanceId);
};

const podsOn = ({ cluster }: NodeLab, instanceId: string): readonly Pod[] => {
  const { control } = cluster.kubernetes;
  const node = control
    .list("nodes")
    .find(({ spec }) => spec.providerID?.endsWith(`/${instanceId}`));
  return control.list("pods").filter(({ spec }) => spec.nodeName === node?.metadata.name);
};

const respond = async (lab: NodeLab, instanceId: InstanceId): Promise<ResponseStart> => {
  const { platform, account } = lab;
  const { functions, workflowOf, clock } = platform;
  const target = await getTarget(account.table, targetIdSchema.parse(lab.targetId));
  const context = {
    now: () => new Date(clock.now()),
    table: account.table,
    sfn: functions.workflowsOf("schedule-sweep-place"),
    workflowOf,
    randomId: () => "0".repeat(20),
  };
  const announcedAt = new Date(clock.now()).toISOString();
  const told = { instanceId, announcedAt, startedBy: "event" };
  if (target === undefined) throw new Error("There is no target.");
  return startResponse(context, target, told);
};

const answered = async (lab: NodeLab, instanceId: InstanceId): Promise<NodeEnding> => {
  const started = await respond(lab, instanceId);
  if (started.kind !== "STARTED") throw new Error(`The response is ${started.kind}.`);
  return lab.finish(started.evaluationId);
};

interface TakenBack {
  readonly ending: NodeEnding;
  readonly noticedMs: number;
  /** Our calls since then that change something, as `changesOf` names them. */
  readonly changes: readonly string[];
  readonly doomed: InstanceId;
}

const ours = ["DetachInstances", "TerminateInstances", "patch nodes", "create pods/eviction"];

/** Our calls from now on. */
const watchChanges = ({ platform, cluster }: NodeLab): (() => readonly string[]) => {
  const begin = {
    cloud: platform.cloud.journal.length,
    kubernetes: cluster.kubernetes.journal.length,
  };
  return () => changesOf({ platform, cluster, begin }).filter((change) => ours.includes(change));
};

const takeBack = async (lab: NodeLab, noticeSeconds = 120): Promise<TakenBack> => {
  const doomed = spotNodeOf(lab);
  const changes = watchChanges(lab);
  const noticedMs = lab.platform.clock.now();
  lab.platform.ec2.control.interrupt(doomed, { noticeSeconds });
  const ending = await answered(lab, doomed);
  return { ending, noticedMs, doomed, changes: changes() };
};

describe("a node that EC2 takes back", () => {
  it("is emptied within its notice, budgets respected, and its group launches another at once", async () => {
    const lab = await converted();
    const [before] = groupsOf(lab);
    const { ending, noticedMs, doomed } = await takeBack(lab);
    expect(ending.status).toBe("FELL_BACK");
    expect(ending.evaluation.outcome?.sentence).toMatch(
      /had been evicted by then, and none was left/,
    );
    const [detached] = lab.platform.cloud.journal.filter(
      ({ operation, at }) => operation === "DetachInstances" && at > noticedMs,
    );
    expect(detached?.input).toMatchObject({ ShouldDecrementDesiredCapacity: false });
    expect((detached?.at ?? Infinity) - noticedMs).toBeLessThan(5_000);
    const [after] = groupsOf(lab);
    expect(after?.desired).toBe(before?.desired);
    expect(after?.members).toHaveLength(before?.members.length ?? 0);
    expect(after?.members.map(({ instanceId }) => instanceId)).not.toContain(doomed);
    expect(lab.pods.broken).toEqual([]);
    expect(ending.isLeaseHeld).toBe(false);
    expect(ending.leaks).toEqual([]);
  });

  it("is told of what its budget held until 20 s before the end, after which nothing is evicted", async () => {
    const lab = await converted();
    const { control, faults } = lab.cluster.kubernetes;
    for (const budget of control.list("poddisruptionbudgets")) {
      control.change("poddisruptionbudgets", {
        ...budget,
        spec: { ...budget.spec, maxUnavailable: 0 },
      });
    }
    const sentAt: number[] = [];
    faults.after((call) => {
      if (isOurCall(call) && call.resource === "pods/eviction") sentAt.push(call.at);
    });
    const { ending, noticedMs } = await takeBack(lab);
    expect(ending.evaluation.outcome?.sentence).toMatch(/ended with it\. Pod default\/web-/);
    expect(ending.evaluation.progress.drain?.blockers.length).toBeGreaterThan(0);
    expect(Math.max(0, ...sentAt)).toBeLessThanOrEqual(noticedMs + noticeMs - 20_000);
    expect(lab.pods.broken).toEqual([]);
  });

  it("lets go first what would end with it in any case, and leaves what asks not to be disrupted to its end", async () => {
    const lab = await converted();
    const { control } = lab.cluster.kubernetes;
    const [kept, ...others] = podsOn(lab, spotNodeOf(lab)).filter(({ metadata }) =>
      metadata.name.startsWith("web"),
    );
    if (kept === undefined) throw new Error("The node has no pod.");
    const annotations = { "karpenter.sh/do-not-disrupt": "true" };
    control.change("pods", { ...kept, metadata: { ...kept.metadata, annotations } });
    const { ending } = await takeBack(lab);
    const { drain } = ending.evaluation.progress;
    expect(drain).toMatchObject({ evicted: others.length, left: 1 });
    expect(drain?.blockers).toMatchObject([
      { pod: kept.metadata.name, code: "POD_NOT_TO_DISRUPT" },
    ]);
  });

  it("of a managed group is cordoned and emptied, and EKS launches the other: desired is as before", async () => {
    const lab = await converted({ isManaged: true, policy: { spot_node_group: "spot" } });
    const before = groupsOf(lab).map((group) => group?.desired);
    const { ending, changes } = await takeBack(lab);
    expect(ending.status).toBe("SWITCHED");
    expect(changes).not.toContain("DetachInstances");
    expect(changes).toContain("patch nodes");
    expect(groupsOf(lab).map((group) => group?.desired)).toEqual(before);
  });

  it("is answered once, told twice and at once, and not again when it has gone", async () => {
    const lab = await converted();
    const doomed = spotNodeOf(lab);
    lab.platform.ec2.control.interrupt(doomed, { noticeSeconds: 120 });
    const [one, other] = await Promise.all([respond(lab, doomed), respond(lab, doomed)]);
    const started = [one, other].find(({ kind }) => kind === "STARTED");
    if (started?.kind !== "STARTED") throw new Error("Nothing was started.");
    const ending = await lab.finish(started.evaluationId);
    expect(ending.status).toBe("FELL_BACK");
    const again = await respond(lab, doomed);
    expect(again).toMatchObject({ evaluationId: started.evaluationId });
    const detached = ending.effects.filter(({ action }) => action === "DetachInstances");
    expect(detached).toHaveLength(1);
  });

  it("is answered within seconds of the event that its account forwards", async () => {
    const lab = await converted();
    const { account, platform } = lab;
    const { accountId, region, api, clock, table } = account;
    const yaml = await api.getText(`/accounts/${accountId}/role-template`);
    applyEventTemplate(platform, { accountId, region, yaml, parameters: {} });
    await platform.functions.invoke("interruption-open-bus", {});
    const noticedMs = clock.now();
    platform.ec2.control.interrupt(spotNodeOf(lab), { noticeSeconds: 120 });
    await clock.run({ atMostMs: noticedMs + 5 * noticeMs });
    const targetId = targetIdSchema.parse(lab.targetId);
    const [last] = (await listEvaluations(table, { targetId, limit: 1 })).items;
    expect(last).toMatchObject({ kind: "RESPOND", startedBy: "event", status: "FELL_BACK" });
    expect(Date.parse(last?.startedAt ?? "") - noticedMs).toBeLessThan(15_000);
  });

  it("waits for no other of its group: two at once leave two places, which the group fills", async () => {
    const lab = await converted({ scope: "ALL" });
    const [before] = groupsOf(lab);
    const ids = before?.members.map(({ instanceId }) => instanceIdSchema.parse(instanceId)) ?? [];
    for (const id of ids) lab.platform.ec2.control.interrupt(id, { noticeSeconds: 120 });
    const begun = await Promise.all(ids.map((id) => respond(lab, id)));
    expect(begun.map(({ kind }) => kind)).toEqual(["STARTED", "STARTED"]);
    for (const one of begun) {
      if (one.kind !== "STARTED") continue;
      expect(await lab.finish(one.evaluationId)).toMatchObject({ status: "FELL_BACK" });
    }
    const [after] = groupsOf(lab);
    expect(after).toMatchObject({ desired: before?.desired });
    expect(after?.members).toHaveLength(ids.length);
    expect(after?.members.filter(({ instanceId: id }) => ids.some((old) => old === id))).toEqual(
      [],
    );
  });

  it("whose drain a budget blocks does not hold up another's", async () => {
    const lab = await converted({ scope: "ALL" });
    const { kubernetes } = lab.cluster;
    const [before] = groupsOf(lab);
    const [blocked, free] = (before?.members ?? []).map(({ instanceId }) =>
      instanceIdSchema.parse(instanceId),
    );
    if (blocked === undefined || free === undefined) throw new Error("Two nodes are wanted.");
    const held = new Set(podsOn(lab, blocked).map(({ metadata }) => metadata.name));
    const evictedAt: number[] = [];
    kubernetes.faults.before((call) => {
      if (call.resource !== "pods/eviction" || call.isDryRun || !isOurCall(call)) return;
      if (held.has(call.name)) throw refuse(429, "TooManyRequests", { message: "a budget" });
      evictedAt.push(lab.platform.clock.now());
    });
    const noticedMs = lab.platform.clock.now();
    for (const id of [blocked, free]) lab.platform.ec2.control.interrupt(id);
    const begun = [await respond(lab, blocked), await respond(lab, free)];
    const sentences: string[] = [];
    for (const one of begun) {
      if (one.kind !== "STARTED") throw new Error(`The response is ${one.kind}.`);
      const { evaluation } = await lab.finish(one.evaluationId);
      sentences.push(evaluation.outcome?.sentence ?? "");
    }
    expect(sentences[0]).not.toContain("none was left");
    expect(sentences[1]).toContain("none was left");
    expect(Math.min(...evictedAt) - noticedMs).toBeLessThan(15_000);
    expect(Math.max(...evictedAt) - noticedMs).toBeLessThan(noticeMs - 20_000);
  });

  it.each([
    ["a window", { maintenance_windows: [{ cron: "0 3 1 1 *", duration: "1h", timezone: "UTC" }] }],
    ["an approval", { require_approval: true }],
  ])("waits neither for %s nor for money or pace", async (_name, policy_overrides) => {
    const lab = await converted();
    const { api, accountId } = lab.account;
    const answers = [
      await api.send({
        method: "PATCH",
        path: `/lab/instances/${lab.targetId}`,
        body: { policy_overrides },
      }),
      await api.send({
        method: "PATCH",
        path: `/accounts/${accountId}`,
        body: { max_extra_hourly_usd: 0.0001 },
      }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    await haltSwitches(lab.account);
    expect((await takeBack(lab)).ending.status).toBe("FELL_BACK");
  });

  it("is left to the evaluation that has just launched it, and gives it up", async () => {
    const lab = await createNodeLab({ nodes: { size: 2, min: 1, max: 6, zones: 1 }, scope: "ALL" });
    const told: Promise<ResponseStart>[] = [];
    lab.cluster.kubernetes.faults.after((call) => {
      const isEviction = call.resource === "pods/eviction" && !call.isDryRun;
      if (!isEviction || !isOurCall(call) || told.length > 0) return;
      const fresh = spotNodeOf(lab);
      lab.platform.ec2.control.interrupt(fresh, { noticeSeconds: 120 });
      told.push(respond(lab, fresh));
    });
    const { status } = await lab.run();
    const [started] = await Promise.all(told);
    if (started?.kind !== "STARTED") throw new Error("The response was not started.");
    const { evaluation, effects } = await lab.finish(started.evaluationId);
    expect(evaluation.outcome).toMatchObject({ status: "STAYED", reason: "TAKEN_BACK" });
    expect(effects).toEqual([]);
    expect(status).not.toBe("NEEDS_OPERATOR");
  });
});

describe("nothing is changed", () => {
  it("where an event alone says that a node is taken", async () => {
    const lab = await converted();
    const changes = watchChanges(lab);
    const ending = await answered(lab, spotNodeOf(lab));
    expect(ending.evaluation.outcome).toMatchObject({
      status: "STAYED",
      reason: "NOT_INTERRUPTED",
    });
    expect(changes()).toEqual([]);
  });

  it("while the kill switch is on: the record says so", async () => {
    const lab = await converted();
    const body = { engaged: true, reason: "drill" };
    await lab.account.api.send({ method: "PUT", path: "/kill-switch", body });
    const { ending, changes } = await takeBack(lab);
    expect(ending.status).toBe("DEGRADED");
    expect(ending.evaluation.outcome?.sentence).toContain("The kill switch is on: drill");
    expect(changes).toEqual([]);
  });

  it("in shadow mode: the record says what would be", async () => {
    const lab = await converted();
    const { targetId, account } = lab;
    const path = `/lab/instances/${targetId}`;
    const { status } = await account.api.send({
      method: "PATCH",
      path,
      body: { is_shadow_mode: true },
    });
    expect(status).toBe(200);
    const { ending, changes } = await takeBack(lab);
    expect(ending.status).toBe("SHADOWED");
    expect(ending.evaluation.outcome?.sentence).toContain("would be let launch another at once");
    expect(changes).toEqual([]);
  });
});

describe("a node that does not leave its group before its end", () => {
  it("is one whose group launches nothing just now", async () => {
    const lab = await converted();
    const { place, groupName: name } = lab.cluster;
    lab.platform.autoScaling.control.suspendAdministratively({ ...place, name }, ["Launch"]);
    const { ending, changes } = await takeBack(lab);
    expect(changes).not.toContain("DetachInstances");
    expect(changes).toContain("create pods/eviction");
    expect(ending.evaluation.verdict?.sentence).toContain("its process Launch is suspended");
  });
});

describe("a node that EC2 has announced to take, and leaves to run", () => {
  it("is emptied on and ended by us, for it has left its group", async () => {
    const lab = await converted();
    const { ending, changes, doomed } = await takeBack(lab, 3 * 3600);
    expect(ending.status).toBe("FELL_BACK");
    expect(changes).toContain("TerminateInstances");
    expect(lab.platform.ec2.control.find(doomed)?.state).toBe("terminated");
  });

  it("takes pods again where it is still a member", async () => {
    const lab = await converted({ isManaged: true, policy: { spot_node_group: "spot" } });
    const { ending, doomed } = await takeBack(lab, 3 * 3600);
    expect(ending.status).toBe("ROLLED_BACK");
    const node = lab.cluster.kubernetes.control
      .list("nodes")
      .find(({ spec }) => spec.providerID?.endsWith(`/${doomed}`));
    expect(node?.spec.unschedulable ?? false).toBe(false);
    expect(node?.metadata.labels?.[exclusionLabel]).toBeUndefined();
  });
});

describe("trouble within the notice", () => {
  it("with the cluster's API keeps no group from launching another", async () => {
    const lab = await converted();
    lab.cluster.kubernetes.faults.before((call) => {
      if (isOurCall(call)) throw refuse(503, "ServiceUnavailable", { message: "not now" });
    });
    const { ending, changes } = await takeBack(lab);
    expect(ending.status).toBe("FELL_BACK");
    expect(changes).toContain("DetachInstances");
    expect(changes).not.toContain("create pods/eviction");
    expect(ending.evaluation.outcome?.sentence).toContain("None of its pods was evicted.");
  });
});

/** Before its notice nothing of the day is harmed. */
const days = [
  { name: "taken at its time", noticeSeconds: 120 },
  { name: "left to run", noticeSeconds: 3 * 3600 },
] as const;

interface Cell {
  readonly day: (typeof days)[number];
  readonly action: string;
  readonly nth: number;
}

/** The first of each, in either day. */
const recordCells = async (): Promise<readonly Cell[]> => {
  const cells: Cell[] = [];
  for (const day of days) {
    const lab = await converted();
    hearChanges(lab, {
      before: ({ action, nth }) => {
        if (!cells.some((known) => known.action === action)) cells.push({ day, action, nth });
      },
    });
    await takeBack(lab, day.noticeSeconds);
  }
  return cells;
};

const cells = await recordCells();

describe("the matrix of calls and harms", () => {
  it("has a cell for each call that a function of the response may make", () => {
    const inAccount = answering.flatMap((name) => {
      const { customer } = kubernetesFunctions[name];
      return "kubernetes" in customer ? customer.kubernetes : [];
    });
    const declared = [...inAccount, "create pods/eviction", "patch nodes"].toSorted();
    expect(cells.map(({ action }) => action).toSorted()).toEqual(declared);
  });

  it.each(cells.flatMap((cell) => nodeHarms.map((harm) => ({ ...cell, harm }))))(
    "a node $day.name, $action meets $harm",
    async ({ day, nth, harm }) => {
      const lab = await converted();
      const [before] = groupsOf(lab);
      const harmed = harmChange(lab, { harm, nth });
      const { ending, doomed } = await takeBack(lab, day.noticeSeconds);
      const { clock } = lab.account;
      await clock.run({ atMostMs: clock.now() + 15 * 60_000 });
      expect(harmed.isDone()).toBe(true);
      const [after] = groupsOf(lab);
      expect(after?.desired).toBe(before?.desired);
      expect(after?.members).toHaveLength(before?.members.length ?? 0);
      expect(lab.pods.broken).toEqual([]);
      expect(ending.isLeaseHeld).toBe(false);
      // Where it may not be ended, or not now, a person is told which one it is.
      const told = `${doomed} as running`;
      const isTold = ending.evaluation.outcome?.sentence.includes(told) === true;
      expect(ending.status === "NEEDS_OPERATOR").toBe(isTold);
      expect(lab.platform.ec2.control.find(doomed)?.state).toBe(isTold ? "running" : "terminated");
      expect(isTold && day.noticeSeconds === 120).toBe(false);
    },
  );
});
