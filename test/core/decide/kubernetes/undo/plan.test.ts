import { describe, expect, it } from "@jest/globals";
import {
  claimAnnotation,
  exclusionLabel,
  exclusionValue,
  keepAnnotation,
  priorAnnotation,
} from "../../../../../core/decide/kubernetes/claims.ts";
import { planKubernetesUndo } from "../../../../../core/decide/kubernetes/undo/plan.ts";
import type {
  FoundNode,
  KubernetesUndoAction,
  KubernetesUndoInput,
  NodeMarks,
  UndoNodeGroup,
} from "../../../../../core/decide/kubernetes/undo/world.ts";
import { beginDrain } from "../../../../../core/decide/kubernetes/drain/tick.ts";
import type { GroupActivity } from "../../../../../core/model/group.ts";
import type { Intent, IntentChange } from "../../../../../core/model/intent.ts";
import type { BudgetFacts } from "../../../../../core/model/kubernetes/budget.ts";
import type { NodeFacts } from "../../../../../core/model/kubernetes/node.ts";
import type { PodFacts } from "../../../../../core/model/kubernetes/pod.ts";
import { effectivePolicy } from "../../../../../core/policy/policy.ts";
import { plainMember } from "../../cluster/plain-group.ts";
import { play } from "../drain/playground.ts";
import { aBudget, aNode, aPod, at, instanceIdOf, newNode, oldNode } from "../objects.ts";

const [originalId, replacementId] = [instanceIdOf(1), instanceIdOf(2)];
const claim = "dpl-0123456789#1";
const swapId = "swap-1";
const asgName = "workers";

const intentOf = (id: string, change: IntentChange, over: Partial<Intent> = {}): Intent => ({
  id,
  swapId,
  status: "ACTED",
  fence: 1,
  plannedAt: at(-3600),
  change,
  ...over,
});

const ofOld = { clusterName: "prod", nodeName: oldNode, nodeUid: `uid-${oldNode}` };
const ofNew = { clusterName: "prod", nodeName: newNode, nodeUid: `uid-${newNode}` };

const launch = intentOf("launch", {
  kind: "LAUNCH_INSTANCE",
  clientToken: "token",
  poolKey: "pool",
  imageId: "ami-1",
  subnetId: "subnet-1",
  instanceId: replacementId,
});
const attach = intentOf(
  "attach",
  { kind: "ATTACH_NODE", asgName, instanceId: replacementId },
  { before: { desiredCapacity: 3 } },
);
const growth = intentOf("grow", {
  kind: "SCALE_OUT",
  clusterName: "prod",
  nodeGroup: "spot",
  asgName: "spot-asg",
  clientToken: "token",
  desiredBefore: 1,
  knownIds: [instanceIdOf(9)],
  instanceId: replacementId,
});
const keep = intentOf(
  "keep",
  { kind: "KEEP_NODE", ...ofNew, instanceId: replacementId },
  { before: { [keepAnnotation]: null } },
);
const cordon = intentOf(
  "cordon",
  { kind: "CORDON_NODE", ...ofOld, instanceId: originalId, claim },
  { before: { unschedulable: false, [exclusionLabel]: null } },
);
const later = ["later-1", "later-2"];
const holds = later.map((nodeName): Intent => {
  const { swapId: _none, ...hold } = intentOf(
    `hold-${nodeName}`,
    {
      kind: "HOLD_NODE",
      clusterName: "prod",
      nodeName,
      nodeUid: `uid-${nodeName}`,
      instanceId: instanceIdOf(5),
      claim,
    },
    { before: { unschedulable: false, [exclusionLabel]: null } },
  );
  return hold;
});
const drain = intentOf("drain", { kind: "DRAIN_NODE", ...ofOld, instanceId: originalId });
const removal = intentOf("remove", { kind: "REMOVE_NODE", asgName, instanceId: originalId });
const claimed = intentOf("claim", { kind: "CLAIM_GROUP", asgName, claim });
const { swapId: _none, ...claimOfGroup } = claimed;

const member = (instanceId: string, lifecycleState = "InService") =>
  plainMember(1, { instanceId: instanceIdOf(Number(instanceId.slice(2))), lifecycleState });

const groupOf = (ids: readonly string[], over: Partial<UndoNodeGroup> = {}): UndoNodeGroup => ({
  asgName,
  members: ids.map((id) => member(id)),
  desiredCapacity: ids.length,
  minSize: 1,
  suspendedProcesses: [],
  zones: [],
  claim,
  ...over,
});

const cordonedOld = aNode({
  isUnschedulable: true,
  annotations: { [claimAnnotation]: claim, [priorAnnotation]: "false" },
  labels: { ...aNode().labels, [exclusionLabel]: exclusionValue },
});
const joined = aNode({
  name: newNode,
  providerID: "aws:///eu-west-1a/i-00000000000000002",
  annotations: { [keepAnnotation]: "true" },
});

const others = [instanceIdOf(5), instanceIdOf(6)];
const running: FoundNode = { instanceId: replacementId, state: "running", isInterrupted: false };

interface Ground extends Partial<KubernetesUndoInput> {
  readonly pods?: readonly PodFacts[];
  readonly budgets?: readonly BudgetFacts[];
}

const inputOf = ({ pods, budgets = [], ...over }: Ground): KubernetesUndoInput => {
  const nodes = over.nodes ?? [cordonedOld, joined];
  return {
    group: groupOf([originalId, replacementId, ...others]),
    spotGroup: undefined,
    replacements: [running],
    intents: [],
    refused: [],
    policy: effectivePolicy("KUBERNETES"),
    originals: new Map([[swapId, originalId]]),
    claim,
    isAsked: false,
    subjectName: "node group workers",
    now: at(0),
    askedSince: at(-60),
    ...over,
    nodes,
    ...(pods === undefined
      ? {}
      : { view: { nodes, pods, budgets, daemonSets: [], volumes: [], csiNodes: [] } }),
  };
};

const marked = (node: NodeFacts, marks: NodeMarks): NodeFacts => {
  const patched = (
    found: Readonly<Record<string, string>>,
    wanted: Readonly<Record<string, string | null>> = {},
  ): Readonly<Record<string, string>> =>
    Object.fromEntries(
      Object.entries({ ...found, ...wanted }).flatMap(([key, value]) =>
        value === null ? [] : [[key, value] as const],
      ),
    );
  return {
    ...node,
    isUnschedulable: marks.isUnschedulable ?? node.isUnschedulable,
    annotations: patched(node.annotations, marks.annotations),
    labels: patched(node.labels, marks.labels),
  };
};

const without = (group: UndoNodeGroup | undefined, instanceId: string) =>
  group?.members.some((found) => found.instanceId === instanceId) === true
    ? {
        ...group,
        members: group.members.filter((found) => found.instanceId !== instanceId),
        desiredCapacity: group.desiredCapacity - 1,
      }
    : group;

/** What the world looks like once the action is carried out. */
const after = (input: KubernetesUndoInput, action: KubernetesUndoAction): KubernetesUndoInput => {
  const next = { ...input };
  switch (action.kind) {
    case "UNCORDON":
    case "RESTORE_KEEP":
    case "CORDON_REPLACEMENT":
    case "UNCORDON_REPLACEMENT":
      return {
        ...next,
        nodes: input.nodes.map((node) =>
          node.uid === action.nodeUid ? marked(node, action.marks) : node,
        ),
      };
    case "EVICT": {
      const uids = action.evictions.map(({ uid }) => uid);
      const { view } = input;
      if (view === undefined) throw new Error("evicted without a look");
      return {
        ...next,
        view: { ...view, pods: view.pods.filter(({ uid }) => !uids.includes(uid)) },
      };
    }
    case "DETACH":
    case "TERMINATE_IN_GROUP":
      return {
        ...next,
        group: without(input.group, action.instanceId),
        spotGroup: without(input.spotGroup, action.instanceId),
        replacements: input.replacements.map((found) =>
          found.instanceId === action.instanceId && action.kind === "TERMINATE_IN_GROUP"
            ? { ...found, state: "shutting-down" }
            : found,
        ),
      };
    case "TERMINATE_REPLACEMENT":
      return {
        ...next,
        replacements: input.replacements.map((found) => ({ ...found, state: "shutting-down" })),
      };
    case "KEEP_PAIR":
      return {
        ...next,
        intents: input.intents.map((intent) =>
          intent.swapId === action.swapId && intent.status === "ACTED"
            ? { ...intent, status: "COMMITTED" }
            : intent,
        ),
      };
    default:
      return next;
  }
};

const undone = (input: KubernetesUndoInput, { undoes }: KubernetesUndoAction) => ({
  ...input,
  intents: input.intents.map((intent): Intent =>
    intent.id === undoes ? { ...intent, status: "UNDONE" } : intent,
  ),
});

/** Carries out one action after the other until there is none. */
const carryOut = (ground: Ground) => {
  let input = inputOf(ground);
  const actions: KubernetesUndoAction[] = [];
  for (let turns = 0; turns < 30; turns += 1) {
    const plan = planKubernetesUndo(input);
    if (plan.kind === "LOOK") {
      const pods = ground.pods ?? [];
      const { nodes } = input;
      const view = { nodes, pods, budgets: [], daemonSets: [], volumes: [], csiNodes: [] };
      input = { ...input, view };
    } else if (plan.kind === "ACT") {
      actions.push(plan.action);
      input = undone(after(input, plan.action), plan.action);
    } else {
      return { end: plan, actions, kinds: actions.map(({ kind }) => kind), world: input };
    }
  }
  throw new Error(`does not end: ${actions.map(({ kind }) => kind).join(" ")}`);
};

const plain = aNode({ labels: aNode().labels });

describe("the undo of a replacement", () => {
  it("ends what never joined through its group, and gives the claim back last", () => {
    const { kinds, end } = carryOut({
      intents: [claimOfGroup, launch, attach],
      nodes: [plain],
    });
    expect(kinds).toEqual(["TERMINATE_IN_GROUP", "RELEASE_CLAIM"]);
    expect(end.kind).toBe("DONE");
  });

  it("ends by itself what was launched and is in no group", () => {
    const { kinds } = carryOut({
      intents: [claimOfGroup, launch],
      nodes: [plain],
      group: groupOf([originalId, ...others]),
    });
    expect(kinds).toEqual(["TERMINATE_REPLACEMENT", "RELEASE_CLAIM"]);
  });

  it("cordons a new node before the old one was cordoned, sees that it is empty, and ends it", () => {
    const { kinds, world } = carryOut({
      intents: [claimOfGroup, launch, attach, keep],
      nodes: [plain, joined],
      pods: [],
    });
    expect(kinds).toEqual([
      "CORDON_REPLACEMENT",
      "TERMINATE_IN_GROUP",
      "RESTORE_KEEP",
      "RELEASE_CLAIM",
    ]);
    expect(world.group?.desiredCapacity).toBe(3);
  });

  it("lets the old node take pods again first, empties the new one by the rules of its budgets, and ends it only then", () => {
    const pods = [
      aPod({ of: "web", name: "web-1", nodeName: newNode }),
      aPod({ of: "api", name: "api-1", nodeName: newNode }),
    ];
    const { kinds, world } = carryOut({
      intents: [claimOfGroup, launch, attach, keep, cordon, drain],
      drain: { ...beginDrain(at(-300)), evicted: 2, left: 5 },
      pods,
    });
    expect(kinds).toEqual([
      "UNCORDON",
      "CORDON_REPLACEMENT",
      "EVICT",
      "TERMINATE_IN_GROUP",
      "RESTORE_KEEP",
      "RELEASE_CLAIM",
    ]);
    // Exactly as it was.
    expect(world.nodes[0]).toEqual(plain);
  });

  it("lets those that go later take pods again, right after the old one", () => {
    const heldNodes = later.map((name) =>
      aNode({
        name,
        isUnschedulable: true,
        annotations: { [claimAnnotation]: claim, [priorAnnotation]: "false" },
      }),
    );
    const input = inputOf({
      intents: [claimOfGroup, launch, attach, ...holds, cordon],
      nodes: [cordonedOld, joined, ...heldNodes],
    });
    const old = planKubernetesUndo(input);
    expect(old).toMatchObject({ kind: "ACT", action: { id: `UNCORDON ${oldNode}` } });
    const freed = { ...input, intents: [claimOfGroup, launch, attach, ...holds] };
    expect(planKubernetesUndo(freed)).toMatchObject({
      kind: "ACT",
      action: { id: "UNCORDON later-1", marks: { isUnschedulable: false } },
      alike: [{ id: "UNCORDON later-2" }],
    });
    const [taken = aNode(), ...rest] = heldNodes;
    const theirs = { ...taken, annotations: { [claimAnnotation]: "dpl-other#1" } };
    const notOurs = { ...freed, nodes: [plain, joined, theirs, ...rest] };
    expect(planKubernetesUndo(notOurs)).toMatchObject({
      action: { kind: "NOTE_RESTORED", undoes: "hold-later-1", isTheirs: true },
    });
  });

  it("never ends a new node that carries a pod which can't be evicted now", () => {
    const { end, kinds } = carryOut({
      intents: [launch, attach],
      nodes: [plain, joined],
      pods: [aPod({ nodeName: newNode })],
    });
    expect(kinds).toEqual(["CORDON_REPLACEMENT"]);
    expect(end).toMatchObject({ kind: "WAIT", on: ["view"] });
    expect(end).toMatchObject({ sentence: expect.stringContaining("shop/web-1") });
  });

  it("never ends a new node that is silent, for its pods may run all the same", () => {
    const silent = {
      ...joined,
      conditions: [{ type: "Ready", status: "Unknown" as const, lastTransitionTime: at(-3000) }],
    };
    const stuck = aPod({ of: "web", nodeName: newNode, deletionTimestamp: at(-2000) });
    const { end } = carryOut({
      intents: [launch, attach],
      nodes: [plain, silent],
      pods: [stuck],
    });
    expect(end.kind).toBe("WAIT");
  });

  it("keeps both nodes and asks a person when more than half of the pods have moved and the new node is sound", () => {
    const ground = {
      intents: [claimOfGroup, launch, attach, keep, cordon, drain],
      drain: { ...beginDrain(at(-300)), evicted: 6, left: 5 },
      pods: [],
    };
    const { kinds, end } = carryOut(ground);
    expect(kinds).toEqual(["UNCORDON"]);
    expect(end).toMatchObject({ kind: "NEEDS_OPERATOR" });
    expect(end).toMatchObject({ sentence: expect.stringContaining("6 of 11 pods have moved") });
    const emptied = carryOut({ ...ground, drain: { ...ground.drain, left: 0 } });
    expect(emptied.end).toMatchObject({
      sentence: expect.stringContaining("All 6 pods have moved from node old, which has not left"),
    });
    const asked = carryOut({ ...ground, isAsked: true });
    expect(asked.end.kind).toBe("DONE");
    expect(asked.kinds).toContain("TERMINATE_IN_GROUP");
  });

  it("lets a replacement that EC2 takes back leave the group with its place at once, so that no other comes for it", () => {
    const { kinds, end } = carryOut({
      intents: [launch, attach, cordon, drain],
      replacements: [{ ...running, isInterrupted: true }],
      drain: { ...beginDrain(at(-300)), evicted: 9, left: 1 },
      pods: [aPod({ of: "web", nodeName: newNode })],
    });
    expect(kinds).toEqual([
      "UNCORDON",
      "DETACH",
      "CORDON_REPLACEMENT",
      "EVICT",
      "TERMINATE_REPLACEMENT",
    ]);
    expect(end.kind).toBe("DONE");
  });

  it("does not send pods back to a node that is silent: a person decides", () => {
    const silent = {
      ...cordonedOld,
      conditions: [{ type: "Ready", status: "Unknown" as const, lastTransitionTime: at(-301) }],
    };
    const { kinds, end } = carryOut({
      intents: [launch, attach, cordon, drain],
      nodes: [silent, joined],
    });
    expect(kinds).toEqual([]);
    expect(end.kind).toBe("NEEDS_OPERATOR");
  });

  it("does not end a new node while the cluster has lost the old one, whose instance runs on: a person decides", () => {
    const ground = {
      intents: [launch, attach, keep, cordon, drain],
      nodes: [joined],
      pods: [aPod({ of: "web", nodeName: newNode })],
    };
    expect(carryOut(ground)).toMatchObject({ kinds: [], end: { kind: "WAIT", takes: "MINUTES" } });
    const late = { ...ground, askedSince: at(-901) };
    expect(carryOut(late)).toMatchObject({
      kinds: [],
      end: { kind: "NEEDS_OPERATOR", sentence: expect.stringContaining(originalId) },
    });
    expect(carryOut({ ...late, isAsked: true }).end.kind).toBe("DONE");
  });

  it("sends no pod away from a new node while somebody else keeps the old one cordoned: a person decides", () => {
    const theirs = {
      ...cordonedOld,
      annotations: { ...cordonedOld.annotations, [claimAnnotation]: "dpl-of-another#1" },
    };
    const ground = {
      intents: [launch, attach, keep, cordon, drain],
      nodes: [theirs, joined],
      pods: [aPod({ of: "web", nodeName: newNode })],
    };
    const { kinds, end, world } = carryOut(ground);
    expect(kinds).toEqual(["NOTE_RESTORED"]);
    expect(end).toMatchObject({
      kind: "NEEDS_OPERATOR",
      sentence: expect.stringContaining("cordoned by somebody else"),
    });
    expect(world.nodes).toEqual([theirs, joined]);
    expect(carryOut({ ...ground, isAsked: true }).kinds).toContain("EVICT");
  });

  it("ends no replacement whose Node object was deleted before its pods are made again elsewhere", () => {
    const ground = { intents: [launch, attach, cordon, drain], nodes: [cordonedOld] };
    expect(carryOut({ ...ground, askedSince: at(-59) })).toMatchObject({
      kinds: ["UNCORDON"],
      end: { kind: "WAIT", on: ["nodes"] },
    });
    expect(carryOut({ ...ground, askedSince: at(-61) }).kinds).toEqual([
      "UNCORDON",
      "TERMINATE_IN_GROUP",
    ]);
  });

  it("ends no instance that two nodes say they are: its pods stand on the one that nobody looks at", () => {
    const { kinds, end } = carryOut({
      intents: [launch, attach, cordon],
      nodes: [cordonedOld, joined, { ...joined, name: "twin", uid: "uid-twin" }],
      pods: [aPod({ of: "web", nodeName: newNode })],
    });
    expect(kinds).toEqual(["UNCORDON"]);
    expect(end).toMatchObject({
      kind: "NEEDS_OPERATOR",
      sentence: expect.stringContaining("new and twin both say"),
    });
  });

  it("leaves a replacement to an owner who has lowered the desired capacity meanwhile", () => {
    const { kinds, world } = carryOut({
      intents: [launch, attach, keep],
      nodes: [plain, joined],
      group: groupOf([originalId, replacementId, ...others], { desiredCapacity: 3 }),
    });
    expect(kinds).toEqual(["RESTORE_KEEP", "KEEP_PAIR"]);
    expect(world.nodes[1]?.annotations).toEqual({});
  });

  it("lets a replacement that stays after all take pods again", () => {
    const emptied = {
      ...joined,
      isUnschedulable: true,
      annotations: { ...joined.annotations, [claimAnnotation]: "dpl-0123456789#7" },
    };
    const { kinds, world } = carryOut({
      intents: [launch, attach, keep],
      nodes: [plain, emptied],
      group: groupOf([originalId, replacementId, ...others], { desiredCapacity: 3 }),
    });
    expect(kinds).toEqual(["UNCORDON_REPLACEMENT", "RESTORE_KEEP", "KEEP_PAIR"]);
    expect(world.nodes[1]).toMatchObject({ isUnschedulable: false, annotations: {} });
  });
});

describe("a budget that blocks", () => {
  it("a budget that blocks for ever ends in a roll-back that names it, and no Spot node stays behind (Karpenter #1776, #2802)", () => {
    const budget = aBudget({ maxUnavailable: 0, desiredHealthy: 3, disruptionsAllowed: 0 });
    const { last, state } = play({ pods: [aPod({ of: "web" })], budgets: [budget] });
    expect(last.verdict).toMatchObject({
      kind: "STOP",
      sentence: expect.stringContaining("budget shop/web has maxUnavailable 0"),
    });
    const { kinds, world, end } = carryOut({
      intents: [claimOfGroup, launch, attach, keep, cordon, drain],
      drain: state,
      pods: [],
    });
    expect(kinds[0]).toBe("UNCORDON");
    expect(end.kind).toBe("DONE");
    expect(world.group?.members.map(({ instanceId }) => instanceId)).not.toContain(replacementId);
    expect(world.replacements.map(({ state: found }) => found)).toEqual(["shutting-down"]);
  });
});

describe("a removal", () => {
  it("that was accepted has no way back: the replacement stays, without our marks", () => {
    const { kinds, end } = carryOut({
      intents: [claimOfGroup, launch, attach, keep, cordon, drain, removal],
      group: groupOf([replacementId, ...others]),
    });
    expect(kinds).toEqual(["RESTORE_KEEP", "KEEP_PAIR", "RELEASE_CLAIM"]);
    expect(end.kind).toBe("DONE");
  });

  it("that was accepted is waited for while the group still shows the original", () => {
    expect(carryOut({ intents: [launch, attach, cordon, removal] }).end.kind).toBe("WAIT");
  });

  it("whose answer is not known is waited for, and undone once the group has not shown it for two minutes", () => {
    const planned: Intent = { ...removal, status: "PLANNED" };
    const early = carryOut({
      intents: [launch, attach, cordon, { ...planned, plannedAt: at(-60) }],
    });
    expect(early.kinds).toEqual([]);
    expect(early.end.kind).toBe("WAIT");
    const late = carryOut({ intents: [launch, attach, cordon, planned], pods: [] });
    expect(late.kinds).toEqual(["UNCORDON", "CORDON_REPLACEMENT", "TERMINATE_IN_GROUP"]);
  });

  it("of the original by somebody else leaves what has joined in its place", () => {
    const { kinds } = carryOut({
      intents: [launch, attach, keep, cordon, drain],
      group: groupOf([replacementId, ...others]),
    });
    expect(kinds).toEqual(["RESTORE_KEEP", "KEEP_PAIR"]);
  });

  it("the cluster autoscaler claims the node mid-drain: ownership is lost, and nothing is written", () => {
    const taken = {
      ...cordonedOld,
      taints: [{ key: "ToBeDeletedByClusterAutoscaler", effect: "NoSchedule" }],
    };
    const { kinds, world } = carryOut({
      intents: [launch, attach, cordon, drain],
      nodes: [taken, joined],
    });
    expect(kinds).toEqual(["KEEP_PAIR"]);
    expect(world.nodes[0]).toEqual(taken);
  });
});

describe("a cordon", () => {
  const ground = { intents: [launch, attach, cordon, drain], pods: [] };

  it("a managed group goes UPDATING after our cordon and its label is the updater's now: ownership is lost, and the label stays", () => {
    const labels = { ...cordonedOld.labels, [exclusionLabel]: "true" };
    const theirs = { ...cordonedOld, labels };
    const { actions, world } = carryOut({ ...ground, nodes: [theirs, joined] });
    expect(actions[0]).toMatchObject({ kind: "NOTE_RESTORED", isTheirs: true });
    expect(world.nodes[0]).toEqual(theirs);
  });

  it("that somebody has taken off loses our marks, and is not set again", () => {
    const { world } = carryOut({
      ...ground,
      nodes: [{ ...cordonedOld, isUnschedulable: false }, joined],
    });
    expect(world.nodes[0]).toEqual(plain);
  });

  it("gives a label of its owner's back as it was", () => {
    const before = { unschedulable: false, [exclusionLabel]: "true" };
    const labels = { ...cordonedOld.labels, [exclusionLabel]: "true" };
    const { world } = carryOut({
      ...ground,
      intents: [launch, attach, { ...cordon, before }],
      nodes: [{ ...cordonedOld, labels }, joined],
    });
    expect(world.nodes[0]).toEqual({ ...plain, labels });
  });

  it("whose answer is not known is waited for as long as it may show", () => {
    const planned: Intent = { ...cordon, status: "PLANNED", plannedAt: at(-30) };
    const { end, kinds } = carryOut({
      intents: [launch, attach, planned],
      nodes: [plain, joined],
    });
    expect(kinds).toEqual([]);
    expect(end).toMatchObject({ kind: "WAIT", on: ["nodes"] });
  });

  it("of a node that was deleted and has joined anew is over", () => {
    const { actions } = carryOut({ ...ground, nodes: [aNode({ uid: "another" }), joined] });
    expect(actions[0]).toMatchObject({ kind: "NOTE_RESTORED", undoes: "cordon" });
  });
});

describe("the growth of a Spot node group", () => {
  const spotGroup = groupOf([instanceIdOf(9), replacementId], { asgName: "spot-asg" });
  const group = groupOf([originalId, ...others]);

  it("is undone by the end of its very node, through its group", () => {
    const { actions, world } = carryOut({
      intents: [growth],
      group,
      spotGroup,
      nodes: [plain, joined],
      pods: [],
    });
    expect(actions.map(({ kind }) => kind)).toEqual(["CORDON_REPLACEMENT", "TERMINATE_IN_GROUP"]);
    expect(actions[1]).toMatchObject({ asgName: "spot-asg", instanceId: replacementId });
    expect(world.spotGroup?.desiredCapacity).toBe(1);
  });

  const { instanceId: _named, ...unnamed } = growth.change as Extract<
    IntentChange,
    { readonly kind: "SCALE_OUT" }
  >;
  const never: Intent = { ...growth, change: unnamed };

  it("for which no node has come is waited for, and left to a person after fifteen minutes, never lowered", () => {
    const missing = { ...spotGroup, members: spotGroup.members.slice(0, 1) };
    const ground = {
      intents: [never],
      group,
      spotGroup: missing,
      replacements: [],
      nodes: [plain],
    };
    expect(carryOut(ground).end).toMatchObject({ kind: "WAIT", takes: "MINUTES" });
    const late = carryOut({ ...ground, askedSince: at(-901) });
    expect(late.kinds).toEqual([]);
    expect(late.end.kind).toBe("NEEDS_OPERATOR");
  });

  it("that was not named yet is undone by the one node that was not there before", () => {
    const { kinds } = carryOut({
      intents: [never],
      group,
      spotGroup,
      replacements: [],
      nodes: [plain, joined],
      pods: [],
    });
    expect(kinds.slice(0, 2)).toEqual(["CORDON_REPLACEMENT", "TERMINATE_IN_GROUP"]);
  });

  it("that never acted is over", () => {
    const { end, kinds } = carryOut({
      intents: [{ ...never, status: "PLANNED" }],
      group,
      spotGroup: groupOf([instanceIdOf(9)], { asgName: "spot-asg" }),
      replacements: [],
      nodes: [plain],
    });
    expect(kinds).toEqual([]);
    expect(end.kind).toBe("DONE");
  });
});

describe("the place of a replacement that has ended by itself", () => {
  it("is left to a person once its group has filled it again: nobody can tell which node is one too many", () => {
    const { end } = carryOut({
      intents: [launch, attach],
      nodes: [plain],
      group: groupOf([originalId, instanceIdOf(7), ...others]),
      replacements: [{ ...running, state: "terminated" }],
    });
    expect(end.kind).toBe("NEEDS_OPERATOR");
  });

  it("is no longer there where somebody has lowered the desired capacity", () => {
    const { end } = carryOut({
      intents: [launch, attach],
      nodes: [plain],
      group: groupOf([originalId, ...others]),
      replacements: [{ ...running, state: "terminated" }],
    });
    expect(end.kind).toBe("DONE");
  });
});

describe("a call that lets a node leave with its place, and whose answer was lost", () => {
  const leaving = (place: Intent, over: Partial<Intent> = {}): Intent => {
    const leave = { at: at(-30), desiredSeen: 4 };
    const change = { ...place.change, leavingId: replacementId, leave } as IntentChange;
    return { ...place, change, ...over };
  };
  const activityOf = (instanceId: string, cause: string): GroupActivity => ({
    activityId: "act-1",
    statusCode: "Successful",
    startedAt: at(-29),
    description: `Terminating EC2 instance: ${instanceId}`,
    cause: `At 2026-03-02T09:00:00Z ${cause}`,
  });
  const byUs = (instanceId: string, from: number): GroupActivity =>
    activityOf(
      instanceId,
      `instance ${instanceId} was taken out of service in response to a user request, shrinking the capacity from ${String(from)} to ${String(from - 1)}.`,
    );
  const byHealth = activityOf(
    replacementId,
    "an instance was taken out of service in response to an EC2 health check indicating it has been terminated or stopped.",
  );
  const planOf = (over: Ground) =>
    planKubernetesUndo(
      inputOf({
        intents: [launch, leaving(attach)],
        nodes: [plain],
        group: groupOf([originalId, ...others], { desiredCapacity: 5 }),
        replacements: [{ ...running, state: "terminated" }],
        ...over,
      }),
    );
  const goneWithPlace = {
    kind: "ACT",
    action: { kind: "NOTE_RESTORED", undoes: "attach", desiredMet: 6 },
  };

  it("is settled by the group's activities, whatever the capacity is by now", () => {
    expect(planOf({})).toEqual({ kind: "LOOK", at: ["activities"] });
    expect(planOf({ activities: [byUs(replacementId, 6)] })).toMatchObject(goneWithPlace);
    const group = groupOf([originalId, ...others]);
    const stillThere = {
      ...group,
      members: [...group.members, member(replacementId, "Terminating")],
    };
    expect(planOf({ group: stillThere, activities: [byUs(replacementId, 6)] })).toMatchObject(
      goneWithPlace,
    );
  });

  it("is waited for where no activity tells of it", () => {
    expect(planOf({ activities: [byUs(instanceIdOf(8), 6)] })).toMatchObject({
      kind: "WAIT",
      on: ["activities"],
      sentence: `Replacement ${replacementId} leaves group ${asgName}, and no activity tells yet by whose call.`,
    });
  });

  it("has left the place behind where other hands took the node", () => {
    const group = groupOf([originalId, instanceIdOf(7), ...others]);
    expect(planOf({ group, activities: [byHealth] })).toMatchObject({ kind: "NEEDS_OPERATOR" });
  });

  it("was not made where the node is still there: it is planned again, from all that was read", () => {
    const group = groupOf([originalId, replacementId, ...others]);
    expect(planOf({ group, replacements: [running] })).toMatchObject({
      action: { kind: "TERMINATE_IN_GROUP", undoes: "attach", desiredSeen: 4 },
    });
  });

  it("says nothing of a group that no longer exists", () => {
    expect(planOf({ group: undefined })).toEqual({ kind: "DONE" });
  });

  it("leaves to the Spot node group what that has launched for somebody else since", () => {
    const spotGroup = groupOf([instanceIdOf(9), instanceIdOf(10)], { asgName: "spot-asg" });
    const spot = { intents: [leaving(growth)], group: groupOf([originalId, ...others]), spotGroup };
    expect(planOf({ ...spot, activities: [byUs(replacementId, 2)] })).toMatchObject({
      action: { kind: "NOTE_RESTORED", undoes: "grow", desiredMet: 2 },
    });
    // What the group has launched in its place is ours to end.
    expect(planOf({ ...spot, activities: [byHealth] })).toMatchObject({
      action: { kind: "TERMINATE_IN_GROUP", instanceId: instanceIdOf(10), undoes: "grow" },
    });
  });

  it("leaves nothing that could stand for an original which others have taken", () => {
    const left = [launch, leaving(attach, { status: "UNDONE" })];
    const group = groupOf(others, { minSize: 0 });
    const members = [...group.members, member(replacementId, "Terminating")];
    expect(
      planOf({
        intents: left,
        nodes: [joined],
        group: { ...group, members },
        replacements: [running],
      }),
    ).toMatchObject({ kind: "WAIT", sentence: `Replacement ${replacementId} is Terminating.` });
    const untouched = { intents: [launch, attach], nodes: [joined], replacements: [running] };
    expect(planOf({ ...untouched, group: groupOf([replacementId, ...others]) })).toMatchObject({
      action: { kind: "KEEP_PAIR" },
    });
  });

  it("is told with what it met where it was the original's", () => {
    const planned: Intent = { ...removal, status: "PLANNED" };
    const group = groupOf([replacementId, ...others]);
    const asked = { intents: [launch, attach, planned], nodes: [joined], group };
    expect(planOf({ ...asked, replacements: [running] })).toEqual({
      kind: "LOOK",
      at: ["activities"],
    });
    expect(
      planOf({ ...asked, replacements: [running], activities: [byUs(originalId, 7)] }),
    ).toMatchObject({ action: { kind: "NOTE_REMOVED", intentId: "remove", desiredMet: 7 } });
  });
});

describe("the release after a swap that was made", () => {
  const done = (intent: Intent): Intent => ({ ...intent, status: "COMMITTED" });

  it("takes the mark off the new node and the claim off the group, and touches nothing else", () => {
    const { kinds, end } = carryOut({
      intents: [claimOfGroup, keep, ...[launch, attach, cordon, drain, removal].map(done)],
      group: groupOf([replacementId, ...others]),
      nodes: [joined],
    });
    expect(kinds).toEqual(["RESTORE_KEEP", "RELEASE_CLAIM"]);
    expect(end.kind).toBe("DONE");
  });
});

describe("what is refused", () => {
  it("is told once the rest is undone, and the claim stays", () => {
    const { end, kinds } = carryOut({
      intents: [claimOfGroup, launch, attach, cordon],
      refused: [{ actionId: `UNCORDON ${oldNode}`, sentence: "Not permitted." }],
      pods: [],
    });
    expect(kinds).toEqual([]);
    expect(end).toMatchObject({
      kind: "NEEDS_OPERATOR",
      sentence: expect.stringContaining("Not permitted."),
    });
  });
});
