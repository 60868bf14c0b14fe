import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { beforeAll, describe, expect, it } from "@jest/globals";
import {
  customerActions,
  featureActions,
  functionNames,
  functionRows,
  impliedActions,
} from "../../../lambdas/access/functions.ts";
import { functionRolePath } from "../../../lambdas/access/role-path.ts";
import {
  verificationSchema,
  type VerificationJson,
} from "../../../lambdas/api/schemas/verification.ts";
import { VirtualClock } from "../../../local/cloud/clock.ts";
import type { Role } from "../../../local/cloud/iam/identities.ts";
import {
  applyRoleTemplate,
  everyPart,
  type TemplateParameters,
} from "../../../local/platform/customer-account.ts";
import { createPlatform, type Platform } from "../../../local/platform/platform.ts";
import { localClient } from "../../../local/wire/front/client-config.ts";
import type { Lab } from "../../../local/lab/contract.ts";
import { createLab } from "../../../local/lab/lab.ts";
import { smallMarket } from "../../../local/lab/small-market.ts";

const accountId = "444455556666";
const accounts = "http://api.local/api/v1/accounts";
const region = "us-east-1";

interface Customer {
  readonly platform: Platform;
  readonly externalId: string;
  readonly template: string;
}

const connect = async (): Promise<Customer> => {
  const platform = createPlatform({
    clock: new VirtualClock(Date.UTC(2026, 2, 2)),
    seed: 1,
    market: smallMarket,
    version: "test",
  });
  platform.ec2.control.addAccount(accountId, [region]);
  const created = await platform.gateway(
    new Request(accounts, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        account_id: accountId,
        name: "workshop",
        environment: "LAB",
        regions: [region],
      }),
    }),
  );
  const { external_id: externalId } = (await created.json()) as { external_id: string };
  const answer = await platform.gateway(new Request(`${accounts}/${accountId}/role-template`));
  return { platform, externalId, template: await answer.text() };
};

/** ASSUMED, or the code of the refusal, of a session of our role with the right ExternalId. */
const tryAs = async ({ platform, externalId }: Customer, ownRoleArn: string): Promise<string> => {
  const { cloud } = platform;
  const credentials = cloud.identities.openSession({ roleArn: ownRoleArn, sessionName: "test" });
  const sts = localClient(STSClient, cloud, { region, front: "direct", credentials });
  const RoleArn = `arn:aws:iam::${accountId}:role/SpotOptimizerRole`;
  try {
    await sts.send(
      new AssumeRoleCommand({ RoleArn, RoleSessionName: "test", ExternalId: externalId }),
    );
    return "ASSUMED";
  } catch (error) {
    return error instanceof Error ? error.name : "unknown";
  }
};

describe("whom the role of our template trusts", () => {
  let customer: Customer;
  beforeAll(async () => {
    customer = await connect();
    applyRoleTemplate(customer.platform.cloud, { accountId, yaml: customer.template });
  });

  /** The permission is there, so that the customer's trust alone decides. */
  const addRole = (name: string, path: string): string => {
    const { identities } = customer.platform.cloud;
    return identities.addRole({
      accountId: identities.ownAccountId,
      name,
      path,
      trustedPrincipals: [],
      allow: ["sts:AssumeRole"],
    }).arn;
  };

  it.each(functionNames)(
    "%s can assume it if it has the permission, and else not",
    async (name) => {
      const answer = await tryAs(customer, customer.platform.functions.roleArns[name]);
      const isGranted = functionRows[name].own.includes("sts:AssumeRole");
      expect(answer).toBe(isGranted ? "ASSUMED" : "AccessDenied");
    },
  );

  it.each([
    { what: "a role of our own path", path: "/spot-optimizer/local/own/" },
    { what: "a role of another stage", path: "/spot-optimizer/prod/customer/" },
    { what: "a stage whose name begins alike", path: "/spot-optimizer/local-2/customer/" },
    { what: "a role without a path", path: "/" },
  ])("refuses $what, be it with the right ExternalId", async ({ what, path }) => {
    expect(await tryAs(customer, addRole(what.replaceAll(" ", "-"), path))).toBe("AccessDenied");
  });

  it("trusts 60 functions without being applied again, and none of the other path", async () => {
    const answers = await Promise.all(
      Array.from({ length: 60 }, async (_, index) => {
        const isAssuming = index % 3 > 0;
        const path = functionRolePath("local", { own: isAssuming ? ["sts:AssumeRole"] : [] });
        const arn = addRole(`spot-optimizer-local-future-${String(index)}`, path);
        return { isAssuming, answer: await tryAs(customer, arn) };
      }),
    );
    expect(answers.filter(({ isAssuming }) => isAssuming)).toHaveLength(40);
    for (const { isAssuming, answer } of answers) {
      expect(answer).toBe(isAssuming ? "ASSUMED" : "AccessDenied");
    }
  });
});

describe("the template, applied as CloudFormation would", () => {
  let customer: Customer;
  beforeAll(async () => {
    customer = await connect();
  });

  const apply = (parameters?: TemplateParameters, yaml = customer.template): Role => {
    const { cloud } = customer.platform;
    const arn = applyRoleTemplate(cloud, {
      accountId,
      yaml,
      ...(parameters === undefined ? {} : { parameters }),
    });
    const role = cloud.identities.role(arn);
    if (role === undefined) throw new Error("The template made no role.");
    return role;
  };

  const actionsOf = ({ statements = [] }: Role, wanted: "Allow" | "Deny"): readonly string[] =>
    statements.filter(({ effect }) => effect === wanted).flatMap(({ actions }) => actions);

  const inOrder = (actions: Iterable<string>): readonly string[] => [...new Set(actions)].sort();

  it("grants no part that deletes what is its owner's unless he chooses it", () => {
    const granted = actionsOf(apply(undefined), "Allow");
    expect(granted).toContain("ec2:TerminateInstances");
    expect(granted).not.toContain("ec2:DeleteVolume");
  });

  it.each([{ parameters: everyPart }, { parameters: { ...everyPart, AllowLinear: "true" } }])(
    "grants every part with parameters $parameters",
    ({ parameters }) => {
      expect(inOrder(actionsOf(apply(parameters), "Allow"))).toEqual(
        inOrder([...customerActions, ...impliedActions]),
      );
    },
  );

  it("grants reading alone where LINEAR is left out", () => {
    expect(inOrder(actionsOf(apply(readingAlone), "Allow"))).toEqual(featureActions("read"));
  });

  it("keeps the denials, whatever is left out", () => {
    expect(inOrder(actionsOf(apply(readingAlone), "Deny"))).toEqual([
      "ec2:CreateTags",
      "ec2:RunInstances",
    ]);
  });

  it.each([
    { parameters: { AllowEverything: "true" }, message: "has no parameter AllowEverything" },
    { parameters: { AllowLinear: "yes" }, message: "AllowLinear can't be yes" },
  ])("refuses $parameters", ({ parameters, message }) => {
    expect(() => apply(parameters)).toThrow(message);
  });

  it("refuses a condition that is not there, and one that the simulated STS doesn't weigh", () => {
    const dangling = customer.template.replace("Condition: AllowsLinear", "Condition: Forgotten");
    expect(() => apply({}, dangling)).toThrow("has no condition Forgotten");
    const widened = customer.template.replace("ArnLike:", "ArnNotLike:");
    expect(() => apply({}, widened)).toThrow("ArnNotLike");
  });
});

const verify = async (lab: Lab): Promise<VerificationJson> =>
  verificationSchema.parse((await lab.send("POST", `/accounts/${accountId}/verify`)).body);

const readingAlone = {
  AllowLinear: "false",
  AllowCluster: "false",
  AllowKubernetes: "false",
} as const;

describe("a customer who leaves out all but reading", () => {
  const labWithoutLinear = async (isShadowMode: boolean): Promise<Lab> => {
    const lab = await createLab({ isShadowMode });
    const { body } = await lab.send("GET", `/accounts/${accountId}/role-template`);
    const yaml = String(body["text"]);
    applyRoleTemplate(lab.platform.cloud, {
      accountId,
      yaml,
      parameters: readingAlone,
    });
    return lab;
  };

  it("is verified, and told which part is left out", async () => {
    const { features, checks, verified } = await verify(await labWithoutLinear(true));
    expect(verified).toBe(true);
    expect(features.map(({ feature, status }) => [feature, status])).toEqual([
      ["read", "GRANTED"],
      ["linear", "ABSENT"],
      ["cluster", "ABSENT"],
      ["kubernetes", "ABSENT"],
      ["events", "UNPROVED"],
      ["waste", "ABSENT"],
      ["enforce", "ABSENT"],
      ["notices", "UNPROVED"],
    ]);
    expect(features[0]?.missing).toEqual([]);
    expect(features[1]?.missing.map(({ action }) => action)).toContain("ec2:RunInstances");
    expect(checks.at(-1)?.message).toContain("Left out: linear, cluster");
  });

  it("is refused a switch by name once that is known, and told how to allow it", async () => {
    const lab = await labWithoutLinear(false);
    await verify(lab);
    const { status, evaluation, mutations } = await lab.run();
    expect(status).toBe("REFUSED");
    expect(evaluation.verdict?.reason).toBe("PERMISSION_MISSING");
    expect(evaluation.verdict?.sentence).toContain("ec2:RunInstances");
    expect(evaluation.verdict?.sentence).toContain("aws cloudformation deploy");
    expect(mutations).toEqual([]);
    const { body } = await lab.send("GET", `/accounts/${accountId}`);
    expect(body["permissions"]).toMatchObject({
      missing: expect.arrayContaining([
        { feature: "linear", action: "ec2:RunInstances", regions: [region] },
      ]),
    });
  });

  it("gets verdicts in shadow mode", async () => {
    const { status, evaluation } = await (await labWithoutLinear(true)).run();
    expect(status).toBe("SHADOWED");
    expect(evaluation.verdict?.kind).toBe("SWITCH");
  });

  it("loses nothing when a switch is tried all the same: a dry run of its launch is refused", async () => {
    const { status, effects, mutations, original, replacements, evaluation } = await (
      await labWithoutLinear(false)
    ).run();
    expect(status).toBe("DEGRADED");
    expect(evaluation.failure?.error).toBe("BrokenPermission");
    expect(original?.state).toBe("running");
    expect(replacements).toEqual([]);
    expect(mutations).toEqual([]);
    expect(effects).toEqual([]);
  });
});

describe("a customer whose stack is of an older template", () => {
  it("is not verified while a part lacks what it should have, and is told what", async () => {
    const lab = await createLab({ isShadowMode: true });
    const { identities } = lab.platform.cloud;
    const chosen = (await verify(lab)).features.find(({ feature }) => feature === "waste");
    expect(chosen?.status).toBe("ABSENT");
    const { body } = await lab.send("GET", `/accounts/${accountId}/role-template`);
    const yaml = String(body["text"]);
    applyRoleTemplate(lab.platform.cloud, { accountId, yaml, parameters: everyPart });
    const before = await verify(lab);
    expect(before.features.map(({ status }) => status)).toEqual([
      "GRANTED",
      "GRANTED",
      // Neither Auto Scaling nor EKS has a dry run, and what else they need the other part grants.
      "UNPROVED",
      "UNPROVED",
      // No event has come yet.
      "UNPROVED",
      "GRANTED",
      // SNS has no dry run, and what is enrolled it may not end.
      "UNPROVED",
      "UNPROVED",
    ]);
    const arn = `arn:aws:iam::${accountId}:role/SpotOptimizerRole`;
    identities.changeRole(arn, {
      statements: (identities.role(arn)?.statements ?? []).map((statement) => ({
        ...statement,
        actions: statement.actions.filter((action) => action !== "ec2:AttachVolume"),
      })),
    });
    const { features, verified } = await verify(lab);
    expect(verified).toBe(false);
    expect(features.map(({ feature, status, missing }) => [feature, status, missing])).toEqual([
      ["read", "GRANTED", []],
      ["linear", "INCOMPLETE", [expect.objectContaining({ action: "ec2:AttachVolume", region })]],
      ["cluster", "UNPROVED", []],
      ["kubernetes", "UNPROVED", []],
      ["events", "UNPROVED", []],
      ["waste", "GRANTED", []],
      ["enforce", "UNPROVED", []],
      ["notices", "UNPROVED", []],
    ]);
  });
});

describe("the option to launch On-Demand", () => {
  it.each([
    ["GRANTED", {}],
    ["ABSENT", { AllowOnDemandFallback: "false" }],
  ])("is found %s with %j, and a switch needs it not", async (found, parameters) => {
    const lab = await createLab();
    const { body } = await lab.send("GET", `/accounts/${accountId}/role-template`);
    applyRoleTemplate(lab.platform.cloud, { accountId, yaml: String(body["text"]), parameters });
    const { on_demand_fallback: fallback, verified } = await verify(lab);
    expect([fallback, verified]).toEqual([found, true]);
    expect((await lab.run()).status).toBe("SWITCHED");
    // Whoever registers another target is told at once.
    const other = lab.control.addInstance({ accountId, region, instanceType: "m5.large" });
    const registered = await lab.send("POST", "/lab/instances", {
      account_id: accountId,
      instance_id: other,
      instance_type: "m5.large",
      availability_zone: lab.control.find(other)?.zoneName,
      pipeline_mode: "LINEAR",
    });
    expect(registered.status).toBe(201);
    const notices = registered.body["notices"];
    if (found === "GRANTED") expect(notices).toBeUndefined();
    else expect(notices).toEqual([expect.stringContaining("AllowOnDemandFallback=true")]);
  });
});

describe("a launch that is not Spot", () => {
  const fallback = { "spot-optimizer:purpose": "fallback", "spot-optimizer:deployment": "d-1" };
  const deployed = { "spot-optimizer:deployment": "d-1" };

  /** The answer of a dry run under the role, applied with these parameters. */
  const launch = async (
    tags: Readonly<Record<string, string>>,
    parameters: TemplateParameters = {},
  ): Promise<string> => {
    const lab = await createLab({ isShadowMode: true });
    const { cloud } = lab.platform;
    const { body } = await lab.send("GET", `/accounts/${accountId}/role-template`);
    const yaml = String(body["text"]);
    const roleArn = applyRoleTemplate(cloud, { accountId, yaml, parameters });
    const { accessKeyId } = cloud.identities.openSession({ roleArn, sessionName: "somebody" });
    const [{ imageId } = {}] = lab.control.instances(accountId);
    const TagSpecifications = [
      {
        ResourceType: "instance",
        Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
      },
    ];
    const input = {
      DryRun: true,
      MinCount: 1,
      MaxCount: 1,
      ImageId: imageId,
      InstanceType: "m6i.large",
      TagSpecifications,
    };
    const asked = {
      service: "ec2",
      operation: "RunInstances",
      region,
      accessKeyId,
      input,
    } as const;
    return cloud.call(asked).then(
      () => "LAUNCHED",
      (error: unknown) => (error as { readonly code: string }).code,
    );
  };

  it.each([
    { what: "as fallback", tags: fallback, answer: "DryRunOperation" },
    { what: "without the tag", tags: deployed, answer: "UnauthorizedOperation" },
    {
      what: "for another purpose",
      tags: { ...fallback, "spot-optimizer:purpose": "more" },
      answer: "UnauthorizedOperation",
    },
    {
      what: "as fallback, without the tag of a deployment",
      tags: { "spot-optimizer:purpose": "fallback" },
      answer: "UnauthorizedOperation",
    },
  ])("is answered $answer $what", async ({ tags, answer }) => {
    expect(await launch(tags)).toBe(answer);
  });

  it.each([{ AllowOnDemandFallback: "false" }, readingAlone])(
    "is denied also as fallback with %j",
    async (parameters) => {
      expect(await launch(fallback, parameters)).toBe("UnauthorizedOperation");
    },
  );
});

describe("security groups", () => {
  const ours = { "spot-optimizer:deployment": "d-1" };
  const theirs = { Team: "payments" };
  const groups = { ours: "sg-00000000000000001", theirs: "sg-00000000000000002" };

  type Ask = (operation: string, input: object) => Promise<string>;

  /** Dry runs under the role, in an account with a group of the owner and one that we made. */
  const customer = async (): Promise<{ readonly lab: Lab; readonly ask: Ask }> => {
    const lab = await createLab({ isShadowMode: true });
    const { cloud } = lab.platform;
    const { body } = await lab.send("GET", `/accounts/${accountId}/role-template`);
    const roleArn = applyRoleTemplate(cloud, { accountId, yaml: String(body["text"]) });
    const { accessKeyId } = cloud.identities.openSession({ roleArn, sessionName: "somebody" });
    const place = { accountId, region };
    lab.control.addSecurityGroup({ ...place, groupId: groups.ours, tags: ours });
    lab.control.addSecurityGroup({ ...place, groupId: groups.theirs, tags: theirs });
    const ask: Ask = (operation, input) =>
      cloud
        .call({
          service: "ec2",
          operation,
          region,
          accessKeyId,
          input: { DryRun: true, ...input },
        })
        .then(
          () => "DONE",
          (error: unknown) => (error as { readonly code: string }).code,
        );
    return { lab, ask };
  };

  const created = (tags: Readonly<Record<string, string>>) => ({
    GroupName: "isolation",
    Description: "isolation",
    VpcId: "vpc-1",
    TagSpecifications: [
      {
        ResourceType: "security-group",
        Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
      },
    ],
  });

  it("are made with our tag, and not without it", async () => {
    const { ask } = await customer();
    expect(await ask("CreateSecurityGroup", created(ours))).toBe("DryRunOperation");
    expect(await ask("CreateSecurityGroup", created(theirs))).toBe("UnauthorizedOperation");
  });

  it.each(["RevokeSecurityGroupEgress", "DeleteSecurityGroup"])(
    "that we made are subject to %s, and the owner's are not",
    async (operation) => {
      const { ask } = await customer();
      expect(await ask(operation, { GroupId: groups.ours })).toBe("DryRunOperation");
      expect(await ask(operation, { GroupId: groups.theirs })).toBe("UnauthorizedOperation");
    },
  );

  it("of the owner are given to an enrolled interface, and to no other", async () => {
    const { lab, ask } = await customer();
    const [enrolled] = lab.control.find(lab.originalId)?.networkInterfaceIds ?? [];
    const foreign = lab.control.addInstance({ accountId, region, instanceType: "m5.large" });
    const [other] = lab.control.find(foreign)?.networkInterfaceIds ?? [];
    const give = (NetworkInterfaceId: string | undefined): Promise<string> =>
      ask("ModifyNetworkInterfaceAttribute", { NetworkInterfaceId, Groups: [groups.theirs] });
    expect(await give(enrolled)).toBe("DryRunOperation");
    expect(await give(other)).toBe("UnauthorizedOperation");
  });
});
