/** What an execution that died has left on nodes is taken off by the janitor, as far as it is still ours, and nothing else is done. */
import { describe, expect, it } from "@jest/globals";
import { getEvaluation } from "../../../adapters/store/evaluations.ts";
import { listIntents } from "../../../adapters/store/intents.ts";
import { acquireLease } from "../../../adapters/store/leases.ts";
import {
  claimAnnotation,
  exclusionLabel,
  keepAnnotation,
  priorAnnotation,
} from "../../../core/decide/kubernetes/claims.ts";
import { isOpenIntent } from "../../../core/decide/switch/outcome.ts";
import { evaluationIdSchema, type EvaluationId } from "../../../core/model/ids.ts";
import { isMarkChange } from "../../../core/model/intent.ts";
import { markKinds } from "../../../core/model/intents/node.ts";
import { leasesOf } from "../../../core/model/subject.ts";
import type { NodeObject } from "../../../local/cloud/kubernetes/objects.ts";
import { refuse } from "../../../local/cloud/kubernetes/refusals.ts";
import { isMutatingCall, type KubeCall } from "../../../local/cloud/kubernetes/journal.ts";
import { isOurCall } from "../../../local/lab/cluster-mirror.ts";
import { createKiller } from "../../../local/lab/harm.ts";
import { complaintsAboutNodes } from "../../../local/lab/node-judge.ts";
import { createNodeLab, type NodeLab, type NodeLabOptions } from "../../../local/lab/node-lab.ts";
import { startEvaluation } from "../../../local/lab/subject.ts";

const minuteMs = 60_000;

/** Three nodes, of which two are held while the first is drained. */
const threeNodes = {
  nodes: { size: 3, min: 1, max: 6, zones: 1 },
  scope: "ALL",
  workloads: [
    { kind: "Deployment", name: "web", replicas: 9, cpu: "50m", budget: { maxUnavailable: 1 } },
  ],
} as const satisfies NodeLabOptions;

const isOurPatch = (call: KubeCall): boolean =>
  isOurCall(call) && call.resource === "nodes" && call.verb === "patch";
const isOurEviction = (call: KubeCall): boolean =>
  isOurCall(call) && call.resource === "pods/eviction" && !call.isDryRun;

const pass = ({ account: { clock } }: NodeLab, minutes: number): Promise<void> =>
  clock.run({ atMostMs: clock.now() + minutes * minuteMs });

/** It comes each five minutes. */
const withJanitor = async (lab: NodeLab, minutes: number): Promise<void> => {
  for (let passed = 0; passed < minutes; passed += 5) {
    await lab.platform.functions.invoke("schedule-janitor", {});
    await pass(lab, 5);
  }
};

/** The function that made the nth of these calls dies, and its execution is stopped: nothing of the workflow runs from then on. */
const diesAfter = async (
  lab: NodeLab,
  isCall: (call: KubeCall) => boolean,
  nth: number,
): Promise<EvaluationId> => {
  const killer = createKiller();
  const started = await startEvaluation(lab.account, lab.targetId);
  const id = evaluationIdSchema.parse(started.evaluation_id);
  let seen = 0;
  lab.cluster.kubernetes.faults.after(async (call) => {
    if (!isCall(call)) return;
    seen += 1;
    if (seen !== nth) return;
    const executionArn = (await getEvaluation(lab.account.table, id))?.executionArn ?? "";
    await lab.platform.interpreter.stop({ executionArn });
    await killer.die();
  });
  for (let minutes = 0; minutes < 60 && killer.deaths === 0; minutes += 1) await pass(lab, 1);
  expect(killer.deaths).toBe(1);
  return id;
};

const ours = [claimAnnotation, priorAnnotation, keepAnnotation];

/** What of it could be ours, by the node's uid. */
const marksOf = ({ metadata, spec }: NodeObject): unknown => ({
  uid: metadata.uid,
  unschedulable: spec.unschedulable === true,
  label: metadata.labels?.[exclusionLabel],
  annotations: Object.entries(metadata.annotations ?? {}).filter(([key]) => ours.includes(key)),
});

const marksIn = (nodes: readonly NodeObject[], of: readonly NodeObject[]): readonly unknown[] =>
  nodes
    .filter((node) => of.some(({ metadata: { uid } }) => uid === node.metadata.uid))
    .map(marksOf);

/** On nodes that were there before; and on new ones. */
const standing = (lab: NodeLab) => {
  const { nodes } = lab.snapshot();
  const old = lab.before.nodes.map(({ metadata }) => metadata.uid);
  return {
    old: marksIn(nodes, lab.before.nodes),
    fresh: nodes.filter(({ metadata }) => !old.includes(metadata.uid)).map(marksOf),
  };
};

const asBefore = (lab: NodeLab): readonly unknown[] => lab.before.nodes.map(marksOf);

const openMarks = async (lab: NodeLab, id: EvaluationId): Promise<readonly string[]> =>
  (await listIntents(lab.account.table, id))
    .filter((intent) => isMarkChange(intent.change) && isOpenIntent(intent))
    .map((intent) => intent.change.kind);

/** Of marks. */
const told = async (lab: NodeLab, id: EvaluationId) =>
  ((await getEvaluation(lab.account.table, id))?.settlements ?? []).filter(({ of }) =>
    markKinds.some((kind) => kind === of),
  );

/** Changes that we have made in the cluster since. */
const changesFrom = ({ cluster }: NodeLab): (() => readonly string[]) => {
  const seen: string[] = [];
  cluster.kubernetes.faults.before((call) => {
    if (isOurCall(call) && isMutatingCall(call) && call.resource !== "selfsubjectaccessreviews")
      seen.push(`${call.verb} ${call.resource}`);
  });
  return () => seen;
};

const free = { unschedulable: false, label: undefined, annotations: [] };

describe("an execution that dies while a node is drained", () => {
  it("leaves no mark on any node: the janitor has the cordon, the holds and the annotation taken off, and says so", async () => {
    const lab = await createNodeLab(threeNodes);
    const id = await diesAfter(lab, isOurEviction, 1);
    expect(standing(lab).old).not.toEqual(asBefore(lab));
    expect(await openMarks(lab, id)).toHaveLength(4);
    await withJanitor(lab, 15);
    // Whose lease has not run out may live still.
    expect(standing(lab).old).not.toEqual(asBefore(lab));
    await withJanitor(lab, 25);
    expect(standing(lab)).toMatchObject({ old: asBefore(lab), fresh: [free] });
    expect(await openMarks(lab, id)).toEqual([]);
    expect((await told(lab, id)).filter(({ kind }) => kind === "RESTORED")).toHaveLength(4);
    expect(lab.invariant.broken).toEqual([]);
  });

  it("keeps its pair for a person: no pod is evicted and no instance ends, and a roll-back and a resumption go on from there", async () => {
    for (const [way, ending] of [
      ["roll-back", "ROLLED_BACK"],
      ["resume", "SWITCHED"],
    ] as const) {
      const lab = await createNodeLab(threeNodes);
      const id = await diesAfter(lab, isOurEviction, 1);
      const changes = changesFrom(lab);
      await withJanitor(lab, 90);
      expect(new Set(changes())).toEqual(new Set(["patch nodes"]));
      expect(lab.snapshot().own.members).toHaveLength(4);
      const sent = { method: "POST", path: `/evaluations/${id}/${way}`, body: { reason: "drill" } };
      expect((await lab.account.api.send(sent)).status).toBe(202);
      const ended = await lab.finish(id);
      expect(ended.status).toBe(ending);
      expect(complaintsAboutNodes(lab, ended)).toEqual([]);
    }
  });

  it("on a cluster of twenty nodes gives all of those back that were to go later", async () => {
    const lab = await createNodeLab({
      ...threeNodes,
      nodes: { size: 20, min: 1, max: 24, zones: 1 },
      workloads: [{ ...threeNodes.workloads[0], replicas: 60 }],
    });
    const id = await diesAfter(lab, isOurEviction, 1);
    expect(await openMarks(lab, id)).toHaveLength(21);
    await withJanitor(lab, 40);
    expect(standing(lab).old).toEqual(asBefore(lab));
    expect(await openMarks(lab, id)).toEqual([]);
  });
});

describe("a person lets a drain go on whose execution died long ago", () => {
  it("and its deadlines count from there, also where its cordon stands still", async () => {
    const lab = await createNodeLab(threeNodes);
    const id = await diesAfter(lab, isOurEviction, 1);
    await pass(lab, 100);
    const sent = { method: "POST", path: `/evaluations/${id}/resume`, body: { reason: "drill" } };
    expect((await lab.account.api.send(sent)).status).toBe(202);
    const ended = await lab.finish(id);
    expect(ended.status).toBe("SWITCHED");
    expect(complaintsAboutNodes(lab, ended)).toEqual([]);
  });
});

describe("the janitor's way into a cluster", () => {
  it("is tried again where the function dies after one of its patches: nothing is written twice, or over what stands there", async () => {
    const lab = await createNodeLab(threeNodes);
    const id = await diesAfter(lab, isOurEviction, 1);
    const killer = createKiller();
    const changes = changesFrom(lab);
    const release = lab.cluster.kubernetes.faults.after(async (call) => {
      if (!isOurPatch(call)) return;
      release();
      await killer.die();
    });
    await withJanitor(lab, 40);
    expect(killer.deaths).toBe(1);
    expect(standing(lab).old).toEqual(asBefore(lab));
    expect(await openMarks(lab, id)).toEqual([]);
    // The one of which nobody has noted that it was taken off is found so.
    expect(changes()).toHaveLength(4);
    expect((await told(lab, id)).filter(({ kind }) => kind === "GONE")).toHaveLength(1);
  });

  it("is tried again, ever more rarely, while the cluster can't be reached: all stays open, and the record says why", async () => {
    const lab = await createNodeLab(threeNodes);
    const id = await diesAfter(lab, isOurEviction, 1);
    const asked: number[] = [];
    const release = lab.cluster.kubernetes.faults.before((call) => {
      if (!isOurCall(call)) return;
      asked.push(call.at);
      throw Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
    });
    await withJanitor(lab, 5 * 60);
    expect(await openMarks(lab, id)).toHaveLength(4);
    const settlements = await told(lab, id);
    expect(settlements.map(({ kind }) => kind)).toEqual(settlements.map(() => "WAITING"));
    expect(settlements[0]?.sentence).toContain("reach");
    expect(asked.length).toBeGreaterThan(2);
    expect(asked.length).toBeLessThan(40);
    release();
    await withJanitor(lab, 65);
    expect(standing(lab).old).toEqual(asBefore(lab));
    expect((await told(lab, id)).map(({ kind }) => kind)).toEqual(
      settlements.map(() => "RESTORED"),
    );
  });

  it("leaves alone what another hand has changed: another's claim, and a node that was uncordoned", async () => {
    const lab = await createNodeLab(threeNodes);
    const id = await diesAfter(lab, isOurEviction, 1);
    const { control } = lab.cluster.kubernetes;
    const [taken, ...others] = control
      .list("nodes")
      .filter(
        ({ spec, metadata }) =>
          spec.unschedulable === true && metadata.labels?.[exclusionLabel] === undefined,
      );
    const freed = others[0];
    if (taken === undefined || freed === undefined) throw new Error("Two nodes are to be held.");
    const annotations = { ...taken.metadata.annotations, [claimAnnotation]: "theirs#7" };
    control.change("nodes", { ...taken, metadata: { ...taken.metadata, annotations } });
    control.change("nodes", { ...freed, spec: { ...freed.spec, unschedulable: false } });
    await withJanitor(lab, 45);
    const { name } = taken.metadata;
    const node = control.get("nodes", { name });
    expect(node?.spec.unschedulable).toBe(true);
    expect(node?.metadata.annotations?.[claimAnnotation]).toBe("theirs#7");
    expect(await told(lab, id)).toContainEqual(
      expect.objectContaining({
        of: "HOLD_NODE",
        resource: name,
        kind: "KEPT",
        reason: "CHANGED_SINCE",
      }),
    );
    expect(standing(lab).old).toContainEqual({ uid: freed.metadata.uid, ...free });
    expect(await openMarks(lab, id)).toEqual([]);
  });

  it("touches no other node of the same name, and settles what is gone", async () => {
    const lab = await createNodeLab(threeNodes);
    const id = await diesAfter(lab, isOurEviction, 1);
    const { control } = lab.cluster.kubernetes;
    const [gone, again] = control
      .list("nodes")
      .filter(
        ({ spec, metadata }) =>
          spec.unschedulable === true && metadata.labels?.[exclusionLabel] === undefined,
      );
    if (gone === undefined || again === undefined) throw new Error("Two nodes are to be held.");
    control.remove("nodes", { name: gone.metadata.name });
    control.remove("nodes", { name: again.metadata.name });
    const { uid: _uid, resourceVersion: _version, ...metadata } = again.metadata;
    const anew = control.add("nodes", { ...again, metadata });
    await withJanitor(lab, 45);
    const node = control.get("nodes", { name: again.metadata.name });
    expect(node?.metadata.uid).toBe(anew.metadata.uid);
    expect(node?.spec.unschedulable).toBe(true);
    expect(node?.metadata.annotations?.[claimAnnotation]).toBeDefined();
    const kinds = (await told(lab, id)).filter(({ of }) => of === "HOLD_NODE");
    expect(kinds.map(({ kind }) => kind)).toEqual(["GONE", "GONE"]);
    expect(await openMarks(lab, id)).toEqual([]);
  });

  it("waits while somebody else holds the lease of the node group, and asks nothing of the cluster meanwhile", async () => {
    const lab = await createNodeLab(threeNodes);
    const id = await diesAfter(lab, isOurEviction, 1);
    await pass(lab, 16);
    const { table, clock } = lab.account;
    const evaluation = await getEvaluation(table, id);
    if (evaluation === undefined) throw new Error("The evaluation is gone.");
    for (const resource of leasesOf(evaluation.subject)) {
      const now = new Date(clock.now());
      await acquireLease(table, {
        resource,
        owner: "evl-0123456789abcdefghjk",
        now,
        seconds: 3600,
        begins: false,
        leftOpen: () => Promise.resolve(false),
      });
    }
    let asked = 0;
    lab.cluster.kubernetes.faults.before((call) => {
      if (isOurCall(call)) asked += 1;
    });
    await withJanitor(lab, 50);
    expect(asked).toBe(0);
    expect(await told(lab, id)).toEqual([]);
    await withJanitor(lab, 40);
    expect(standing(lab).old).toEqual(asBefore(lab));
  });

  it("is closed by the kill switch, and goes on once that is lifted", async () => {
    const lab = await createNodeLab(threeNodes);
    const id = await diesAfter(lab, isOurEviction, 1);
    const put = (engaged: boolean) =>
      lab.account.api.send({
        method: "PUT",
        path: "/kill-switch",
        body: { engaged, reason: "drill" },
      });
    await put(true);
    const changes = changesFrom(lab);
    await withJanitor(lab, 90);
    expect(changes()).toEqual([]);
    expect((await told(lab, id))[0]).toMatchObject({
      kind: "WAITING",
      sentence: expect.stringContaining("drill"),
    });
    await put(false);
    await withJanitor(lab, 65);
    expect(standing(lab).old).toEqual(asBefore(lab));
  });

  it("is open to a right that was taken away and given back", async () => {
    const lab = await createNodeLab(threeNodes);
    const id = await diesAfter(lab, isOurEviction, 1);
    const release = lab.cluster.kubernetes.faults.before((call) => {
      if (!isOurPatch(call)) return;
      throw refuse(403, "Forbidden", {
        message: 'User "us" cannot patch resource "nodes" in API group ""',
      });
    });
    await withJanitor(lab, 60);
    expect(await openMarks(lab, id)).toHaveLength(4);
    expect((await told(lab, id))[0]?.sentence).toContain("cannot patch");
    release();
    await withJanitor(lab, 65);
    expect(standing(lab).old).toEqual(asBefore(lab));
  });
});

describe("an evaluation that has ended, and could not give back what it had written on nodes", () => {
  it("is helped out by the janitor once the cluster lets us", async () => {
    const lab = await createNodeLab(threeNodes);
    let isLocked = false;
    const release = lab.cluster.kubernetes.faults.before((call) => {
      isLocked ||= isOurEviction(call);
      if (!isLocked || !isOurCall(call) || !isMutatingCall(call)) return;
      throw refuse(403, "Forbidden", {
        message: 'User "us" cannot patch resource "nodes" in API group ""',
      });
    });
    const ending = await lab.run();
    expect(ending.status).toBe("NEEDS_OPERATOR");
    const { evaluationId: id } = ending;
    expect(await openMarks(lab, id)).not.toEqual([]);
    release();
    await withJanitor(lab, 65);
    expect(standing(lab).old).toEqual(asBefore(lab));
    expect(await openMarks(lab, id)).toEqual([]);
    expect((await told(lab, id)).map(({ kind }) => kind)).toContain("RESTORED");
  });
});

describe("an evaluation that changes nothing", () => {
  it("in shadow mode leaves the janitor nothing to take off", async () => {
    const lab = await createNodeLab({ ...threeNodes, isShadowMode: true });
    const ending = await lab.run();
    const changes = changesFrom(lab);
    const input = { evaluationId: ending.evaluationId };
    const answer = await lab.platform.functions.invoke("schedule-restore-marks", input);
    expect(answer).toMatchObject({ kind: "RESTORED" });
    await withJanitor(lab, 60);
    expect(changes()).toEqual([]);
  });
});
