import { readdirSync } from "node:fs";
import { basename, dirname } from "node:path";
import { beforeAll, describe, expect, it } from "@jest/globals";
import { dryRunCalls } from "../../adapters/aws/ec2/dry-run-calls.ts";
import {
  functionRows,
  customerActions,
  customerCallsOf,
  featureActions,
  featureImpliedActions,
  functionNames,
  impliedActions,
  type FunctionName,
} from "../../lambdas/access/functions.ts";
import {
  customerRoleParts,
  customerRoleStatements,
  isAlwaysThere,
} from "../../lambdas/access/customer-role.ts";
import { features } from "../../lambdas/access/features.ts";
import type { ClientName } from "../../lambdas/runtime/context.ts";
import { steps } from "../../local/platform/steps.ts";
import type { CallRecord } from "../../local/platform/call-recorder.ts";
import { walkAllPaths } from "./all-paths.ts";
import type { PathWalked } from "./walk.ts";

const inOrder = (actions: Iterable<string>): readonly string[] => [...new Set(actions)].sort();

/** Compares as a whole, so that a failure names what is missing and what is not used. */
const difference = (listed: Iterable<string>, used: Iterable<string>) => {
  const [wanted, made] = [new Set(listed), new Set(used)];
  return {
    missing: inOrder(made).filter((action) => !wanted.has(action)),
    unused: inOrder(wanted).filter((action) => !made.has(action)),
  };
};
const nothing = { missing: [], unused: [] };

const isReading = (action: string): boolean => /:(Describe|Get|List)/.test(action);

describe("what the functions may do, compared with what they do", () => {
  let record: CallRecord;
  let walked: readonly PathWalked[];
  beforeAll(async () => {
    const walk = await walkAllPaths();
    record = walk.recorder;
    walked = walk.walked;
  }, 180_000);

  const calls = (name: FunctionName, side: "customer" | "own"): readonly string[] =>
    record.awsCalls
      // Verification tries what other functions do; any other function does what it tries.
      .filter(
        (call) => call.by === name && call.side === side && !(call.isDryRun && name === "api"),
      )
      .map((call) => call.action);

  it("has walked each path to its end", () => {
    expect(walked.map(({ name, ended }) => ({ name, ended }))).toEqual(
      walked.map(({ name, ends }) => ({ name, ended: ends })),
    );
  });

  const gates = [
    "linear-check-eligibility",
    "cluster-check-group",
    "kubernetes-check-node",
  ] as const satisfies readonly FunctionName[];
  const undoesNodes: readonly FunctionName[] = ["kubernetes-release", "kubernetes-roll-back"];

  /**
   * Nodes are in groups, which the functions of both wings read by the same adapters: what only a group with traffic, keys or a stack is asked for is walked
   * with CLUSTER's groups. Release and roll-back carry out one plan: what the one does the other may. A node that can't be ended through its group leaves
   * it first, which the tests of the plan show. What is due in an account that leaves is ended by the janitor's duties. Sweep and preflight look at a subject by the functions of its gate.
   */
  const walkedElsewhere = (name: FunctionName): readonly string[] => {
    if (name === "schedule-preflight-place" || name === "schedule-sweep-place") {
      return gates
        .flatMap((gate) => calls(gate, "customer"))
        .filter((action) => customerCallsOf(name).includes(action));
    }
    if (name === "schedule-off-board") {
      return calls("schedule-janitor", "customer").filter((action) =>
        customerCallsOf(name).includes(action),
      );
    }
    if (functionRows[name].room !== "kubernetes") return [];
    const reading = calls("cluster-check-group", "customer").filter(isReading);
    const undoing = undoesNodes.includes(name)
      ? [...undoesNodes.flatMap((each) => calls(each, "customer")), "autoscaling:DetachInstances"]
      : [];
    return [...reading, ...undoing].filter((action) => customerCallsOf(name).includes(action));
  };

  it.each(functionNames)(
    "%s calls in a customer's account what is listed, and all of it",
    (name) => {
      const made = [...calls(name, "customer"), ...walkedElsewhere(name)];
      expect(difference(customerCallsOf(name), made)).toEqual(nothing);
    },
  );

  it.each(functionNames)("%s calls in our own account what is listed, and all of it", (name) => {
    expect(difference(functionRows[name].own, calls(name, "own"))).toEqual(nothing);
  });

  it.each(functionNames)("%s asks of the table what is listed, and all of it", (name) => {
    const made = record.tableRequests.filter(({ by }) => by === name).map(({ action }) => action);
    expect(difference(functionRows[name].table, made)).toEqual(nothing);
  });

  it("only verification makes dry runs, of what other functions call, and the check of eligibility one launch", () => {
    const dryRuns = record.awsCalls.filter((call) => call.isDryRun);
    const byOthers = dryRuns.filter(({ by }) => by !== "api");
    expect(inOrder(byOthers.map(({ by, action }) => `${by} ${action}`))).toEqual([
      "cluster-check-group ec2:RunInstances",
      "kubernetes-check-node ec2:RunInstances",
      "linear-check-eligibility ec2:RunInstances",
      "schedule-preflight-place ec2:RunInstances",
      "schedule-sweep-place ec2:RunInstances",
    ]);
    expect(
      difference(
        customerActions,
        dryRuns.map(({ action }) => action),
      ).missing,
    ).toEqual([]);
  });

  it("a function with nothing to do in customers' accounts can't assume their roles", () => {
    const idle = functionNames.filter((name) => customerCallsOf(name).length === 0);
    expect(idle.filter((name) => functionRows[name].own.includes("sts:AssumeRole"))).toEqual([]);
  });
});

describe("the list of functions", () => {
  it("has a row for each folder of `lambdas/` with a handler", () => {
    const lambdas = new URL("../../lambdas/", import.meta.url);
    const folders = readdirSync(lambdas, { recursive: true, encoding: "utf8" })
      .filter((path) => basename(path) === "handler.ts")
      .map((path) => `lambdas/${dirname(path)}`);
    expect(inOrder(folders)).toEqual(
      inOrder(functionNames.map((name) => functionRows[name].folder)),
    );
  });
});

describe("the proof of permissions", () => {
  it("has a dry run for each EC2 call in a customer's account, but those for which EC2 has none", () => {
    const called = customerActions.filter((action) => action.startsWith("ec2:"));
    const tried = Object.keys(dryRunCalls()).map((name) => `ec2:${name}`);
    // Source: EC2 API reference; neither request has the parameter DryRun.
    const withoutDryRun = ["ec2:AssignPrivateIpAddresses"];
    expect(called.filter((action) => !tried.includes(action))).toEqual(withoutDryRun);
  });
});

describe("what IAM asks for besides the calls", () => {
  const entries = functionNames.flatMap((name) =>
    Object.entries(functionRows[name].implied ?? {}).map(([action, reason]) => ({
      name,
      action,
      reason,
    })),
  );

  it.each(entries)("$action of $name has a written reason", ({ reason }) => {
    expect(reason).toMatch(/^[A-Z].{20,}\.$/);
  });

  it.each(entries)("$action of $name is not one of its calls", ({ name, action }) => {
    expect(customerCallsOf(name)).not.toContain(action);
  });
});

describe("the features under which the calls are listed", () => {
  /** Who neither looks for waste nor for what nobody owns need not allow it. */
  const apart = [...featureActions("waste"), ...featureActions("enforce")].filter(isReading);

  it("have what only reads under read, and nothing else there, but for what governance alone reads", () => {
    const others = customerActions.filter(isReading).filter((action) => !apart.includes(action));
    expect(featureActions("read")).toEqual(others);
  });

  it("list every call, and what only reads once", () => {
    const listed = features.flatMap(featureActions);
    expect(inOrder(listed)).toEqual(customerActions);
    expect(inOrder(listed.filter(isReading))).toEqual(
      inOrder([...featureActions("read"), ...apart]),
    );
    expect(new Set(listed.filter(isReading)).size).toBe(listed.filter(isReading).length);
  });

  it("have what a wing's steps change under the wing's own", () => {
    const strayed = functionNames.filter((name) => {
      const { room, customer } = functionRows[name];
      const isWing = (features as readonly string[]).includes(room);
      return isWing && Object.keys(customer).some((feature) => ![room, "read"].includes(feature));
    });
    expect(strayed).toEqual([]);
  });

  it("have a part of the role each, as soon as they have a call, and no part before", () => {
    const called = features.filter((feature) => featureActions(feature).length > 0);
    expect(customerRoleParts.map(({ feature }) => feature)).toEqual(called);
  });
});

describe("a part of the customer's role", () => {
  it.each(customerRoleParts)(
    "$feature allows the calls of its feature and what they imply, and nothing else",
    ({ feature, statements }) => {
      const granted = statements
        .filter(({ effect }) => effect !== "Deny")
        .flatMap(({ actions }) => actions);
      const implied = feature === "read" ? [] : featureImpliedActions(feature);
      expect(difference(granted, [...featureActions(feature), ...implied])).toEqual(nothing);
    },
  );

  it("can't be left out if it denies something", () => {
    const denying = customerRoleParts.filter(({ statements }) =>
      statements.some(({ effect }) => effect === "Deny"),
    );
    expect(denying.filter((part) => !isAlwaysThere(part))).toEqual([]);
    expect(customerRoleParts.filter(isAlwaysThere).map(({ feature }) => feature)).toEqual(["read"]);
  });
});

describe("the customer's role", () => {
  const statements = customerRoleStatements();
  const allowed = statements.filter(({ effect }) => effect !== "Deny");
  const denied = statements.filter(({ effect }) => effect === "Deny");

  it("allows every call and what it implies, and nothing else", () => {
    const granted = allowed.flatMap(({ actions }) => actions);
    expect(difference(granted, [...customerActions, ...impliedActions])).toEqual(nothing);
  });

  it("names each action in full", () => {
    const wild = statements
      .flatMap(({ actions }) => actions)
      .filter((action) => /[*?]/.test(action));
    expect(wild).toEqual([]);
  });

  it("allows no change of what is neither enrolled, nor ours, nor made by the call", () => {
    const isReading = (action: string): boolean => /:(Describe|Get|List)/.test(action);
    const unbound = allowed
      .filter(({ conditions }) => conditions === undefined)
      .flatMap(({ actions }) => actions)
      .filter((action) => !isReading(action));
    // The parts that these refer to: the instance, the fleet, the new group and the interface are bound to tags, and a launch to Spot. A topic to
    // its name. What persons have agreed to do to waste that is not marked yet deletes nothing, and can be taken back.
    expect(inOrder(unbound)).toEqual([
      "ec2:CreateFleet",
      "ec2:CreateImageUsageReport",
      "ec2:CreateReplaceRootVolumeTask",
      "ec2:CreateSecurityGroup",
      "ec2:CreateSnapshot",
      "ec2:DisableFastSnapshotRestores",
      "ec2:DisableImage",
      "ec2:ModifyNetworkInterfaceAttribute",
      "ec2:RunInstances",
      "sns:Publish",
    ]);
  });

  it("lets the enforcer publish to topics of our name, and stop and end what carries neither our tags nor an owner's alone", () => {
    const [part] = customerRoleParts.filter(({ feature }) => feature === "enforce");
    const [reading, publishing, ...changing] = part?.statements ?? [];
    expect(part?.isOptIn).toBe(true);
    expect(reading?.actions.filter((action) => !isReading(action))).toEqual([]);
    expect(publishing).toMatchObject({
      actions: ["sns:Publish"],
      resources: ["arn:aws:sns:*:*:spot-optimizer-*"],
    });
    expect(changing.map(({ actions }) => actions)).toEqual([
      ["ec2:StopInstances"],
      ["ec2:TerminateInstances"],
    ]);
    // To terminate is a choice of its own, beside what the account's settings and persons say.
    expect(changing.map(({ where }) => where)).toEqual([
      undefined,
      { option: "EnforcerTermination", allowed: true },
    ]);
    for (const { conditions } of changing) {
      expect(conditions?.["StringNotEquals"]).toEqual({
        "aws:ResourceTag/ManagedBy": "SpotOptimizer",
      });
      expect(conditions?.["Null"]).toMatchObject({
        "aws:ResourceTag/spot-optimizer:deployment": "true",
        "aws:ResourceTag/spot-optimizer:enrolled": "true",
        "aws:ResourceTag/aws:autoscaling:groupName": "true",
        "aws:ResourceTag/eks:cluster-name": "true",
        "aws:ResourceTag/AmazonECSManaged": "true",
      });
    }
  });

  it.each([
    "ec2:TerminateInstances",
    "ec2:DeregisterImage",
    "ec2:DeleteLaunchTemplate",
    "ec2:DeleteSecurityGroup",
    "ec2:DeleteSnapshot",
    "ec2:DeleteVolume",
    "ec2:ReleaseAddress",
    "ec2:RevokeSecurityGroupEgress",
  ])(
    "allows %s on what carries our tag, or was marked as waste and has no known owner, only",
    (action) => {
      const conditions = allowed
        .filter(({ actions, sid }) => actions.includes(action) && sid !== "EndUnowned")
        .map((statement) => statement.conditions);
      expect(conditions).not.toHaveLength(0);
      for (const each of conditions) {
        expect([
          { Null: { "aws:ResourceTag/spot-optimizer:deployment": "false" } },
          {
            Null: {
              "aws:ResourceTag/spot-optimizer:deleted-by": "false",
              "aws:ResourceTag/spot-optimizer:enrolled": "true",
              "aws:ResourceTag/aws:backup:source-resource": "true",
              "aws:ResourceTag/aws:cloudformation:stack-id": "true",
              "aws:ResourceTag/aws:dlm:lifecycle-policy-id": "true",
              "aws:ResourceTag/CSIVolumeName": "true",
              "aws:ResourceTag/ebs.csi.aws.com/cluster": "true",
            },
          },
        ]).toContainEqual(each);
      }
    },
  );

  it("denies launches other than Spot, and enrolling by ourselves", () => {
    expect(denied.map(({ sid, actions }) => ({ sid, actions }))).toEqual([
      { sid: "RunOnlySpot", actions: ["ec2:RunInstances"] },
      { sid: "RunOnlySpotOrFallback", actions: ["ec2:RunInstances"] },
      { sid: "NeverEnrol", actions: ["ec2:CreateTags"] },
    ]);
  });

  it("denies launches other than Spot whether or not the fallback is allowed, one way or the other", () => {
    const denials = denied.filter(({ actions }) => actions.includes("ec2:RunInstances"));
    expect(denials.map(({ where }) => where)).toEqual([
      { option: "OnDemandFallback", allowed: false },
      { option: "OnDemandFallback", allowed: true },
    ]);
  });

  it("lets a customer's key grant to EC2 only, for EC2's own work", () => {
    const grants = allowed.filter(({ actions }) => actions.includes("kms:CreateGrant"));
    expect(grants).not.toHaveLength(0);
    for (const { conditions } of grants) {
      expect(conditions).toEqual({
        StringLike: { "kms:ViaService": "ec2.*.amazonaws.com" },
        Bool: { "kms:GrantIsForAWSResource": "true" },
      });
    }
  });
});

describe("the clients that a step names", () => {
  const readsClassic: ReadonlySet<FunctionName> = new Set([
    "cluster-adopt",
    "cluster-attach",
    "cluster-await-in-service",
    "cluster-check-group",
    "cluster-place-rest",
    "cluster-plan-batch",
    "cluster-register",
    "cluster-remove-originals",
    "cluster-restore",
    "cluster-roll-back",
    "kubernetes-check-node",
    "kubernetes-plan-node",
    "kubernetes-terminate",
    "linear-check-eligibility",
    "linear-freeze-original",
    "schedule-janitor",
    "schedule-off-board",
    "schedule-preflight-place",
    "schedule-sweep-place",
  ]);
  const services: Readonly<Record<ClientName, (name: FunctionName) => boolean>> = {
    autoScaling: (name) =>
      customerCallsOf(name).some((action) => action.startsWith("autoscaling:")),
    // What adopts nodes undoes by the same session as the roll-back, and ends nothing.
    ec2: (name) =>
      name === "kubernetes-adopt" ||
      customerCallsOf(name).some((action) => action.startsWith("ec2:")),
    ecs: (name) => customerCallsOf(name).some((action) => action.startsWith("ecs:")),
    eks: (name) => customerCallsOf(name).some((action) => action.startsWith("eks:")),
    // The way to a cluster's own API begins with its address.
    kubernetes: (name) => customerCallsOf(name).includes("eks:DescribeCluster"),
    elb: (name) =>
      customerCallsOf(name).some((action) => action.startsWith("elasticloadbalancing:")),
    // Its one action has the name of one of the newer API.
    classicElb: (name) => readsClassic.has(name),
    resourceGroups: (name) =>
      customerCallsOf(name).some((action) => action.startsWith("resource-groups:")),
    marketEc2: (name) => functionRows[name].own.some((action) => action.startsWith("ec2:")),
    backup: (name) => customerCallsOf(name).some((action) => action.startsWith("backup:")),
    cloudFormation: (name) =>
      customerCallsOf(name).some((action) => action.startsWith("cloudformation:")),
    cloudWatch: (name) => customerCallsOf(name).some((action) => action.startsWith("cloudwatch:")),
    route53: (name) => customerCallsOf(name).some((action) => action.startsWith("route53:")),
    serviceQuotas: (name) =>
      customerCallsOf(name).some((action) => action.startsWith("servicequotas:")),
    kms: (name) => customerCallsOf(name).some((action) => action.startsWith("kms:")),
    sns: (name) => customerCallsOf(name).some((action) => action.startsWith("sns:")),
    ssm: (name) => customerCallsOf(name).some((action) => action.startsWith("ssm:")),
    pricing: (name) => functionRows[name].own.some((action) => action.startsWith("pricing:")),
  };

  it.each([...steps])("%s names those of the services that its row lists", (name, { clients }) => {
    const listed = (Object.keys(services) as ClientName[]).filter((client) =>
      services[client](name),
    );
    expect([...clients].sort()).toEqual(listed.sort());
  });
});
