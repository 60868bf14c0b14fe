import {
  DescribeInstancesCommand,
  RunInstancesCommand,
  StartInstancesCommand,
  StopInstancesCommand,
} from "@aws-sdk/client-ec2";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { describe, expect, it } from "@jest/globals";
import { CloudError } from "../../../local/cloud/contract.ts";
import { createFixture, refusalOf, startMs } from "./cloud-fixture.ts";

const instanceId = "i-0123456789abcdef0";
const stop = new StopInstancesCommand({ InstanceIds: [instanceId] });
const start = new StartInstancesCommand({ InstanceIds: [instanceId] });

/** Counts what happened, so that a test can tell an effect from an answer. */
const countingEc2 = (): { stopped: number; operations: Record<string, () => object> } => {
  const world = {
    stopped: 0,
    operations: {
      StopInstances: () => {
        world.stopped += 1;
        return { StoppingInstances: [{ InstanceId: instanceId }] };
      },
      StartInstances: () => ({ StartingInstances: [] }),
      RunInstances: () => ({ Instances: [] }),
      DescribeInstances: () => ({ Reservations: [] }),
    },
  };
  return world;
};

describe("who calls", () => {
  it("an unknown access key is refused", async () => {
    const { ec2, sts } = createFixture({ ec2: countingEc2().operations });
    const stranger = { accessKeyId: "AKIASTRANGER00000000", secretAccessKey: "x" };
    expect(await refusalOf(ec2(stranger).send(stop))).toMatchObject({
      code: "AuthFailure",
      status: 401,
    });
    expect(await refusalOf(sts(stranger).send(new GetCallerIdentityCommand({})))).toMatchObject({
      code: "InvalidClientTokenId",
      status: 403,
    });
  });

  it("a session's keys end by the cloud's clock, and EC2 calls that RequestExpired", async () => {
    const { cloud, clock, ec2, sts } = createFixture({ ec2: countingEc2().operations });
    const { arn } = cloud.identities.addRole({
      accountId: "444455556666",
      name: "Customer",
      trustedPrincipals: [],
      allow: ["ec2:*"],
    });
    const session = cloud.identities.openSession({
      roleArn: arn,
      sessionName: "eval-1",
      expiresAtMs: startMs + 900_000,
    });
    const client = ec2(session);
    await expect(client.send(stop)).resolves.toMatchObject({ $metadata: { httpStatusCode: 200 } });
    clock.elapse(900_000);
    expect((await refusalOf(client.send(stop))).code).toBe("RequestExpired");
    const refusal = await refusalOf(sts(session).send(new GetCallerIdentityCommand({})));
    expect(refusal).toMatchObject({ code: "ExpiredToken", status: 403 });
  });
});

describe("what the caller may", () => {
  it("an action outside the role's list is refused by name, and takes hold at once when the list changes", async () => {
    const world = countingEc2();
    const { cloud, ec2 } = createFixture({ ec2: world.operations });
    const { arn } = cloud.identities.addRole({
      accountId: "444455556666",
      name: "Customer",
      trustedPrincipals: [],
      allow: ["ec2:Describe*"],
    });
    const client = ec2(cloud.identities.openSession({ roleArn: arn, sessionName: "eval-1" }));
    const refusal = await refusalOf(client.send(stop));
    expect(refusal).toMatchObject({ code: "UnauthorizedOperation", status: 403 });
    expect(refusal.message).toContain("ec2:StopInstances");
    await expect(client.send(new DescribeInstancesCommand({}))).resolves.toMatchObject({
      Reservations: [],
    });
    cloud.identities.changeRole(arn, { allow: ["ec2:*"] });
    await client.send(stop);
    cloud.identities.changeRole(arn, { deny: ["ec2:StopInstances"] });
    expect((await refusalOf(client.send(stop))).message).toContain("explicit deny");
    expect(world.stopped).toBe(1);
  });

  it("whoever may do nothing can still ask who they are", async () => {
    const { cloud, sts } = createFixture();
    const key = cloud.identities.addUser({ accountId: "444455556666", name: "eve", allow: [] });
    const answer = await sts(key).send(new GetCallerIdentityCommand({}));
    expect(answer.Arn).toBe("arn:aws:iam::444455556666:user/eve");
  });
});

describe("dry run", () => {
  it("says DryRunOperation to who may, UnauthorizedOperation to who may not, and has no effect", async () => {
    const world = countingEc2();
    const { cloud, ec2 } = createFixture({ ec2: world.operations });
    const dryRun = new StopInstancesCommand({ InstanceIds: [instanceId], DryRun: true });
    expect(await refusalOf(ec2().send(dryRun))).toMatchObject({
      code: "DryRunOperation",
      status: 412,
    });
    const key = cloud.identities.addUser({ accountId: "444455556666", name: "eve", allow: [] });
    expect((await refusalOf(ec2(key).send(dryRun))).code).toBe("UnauthorizedOperation");
    expect(world.stopped).toBe(0);
    expect(cloud.journal.map(({ dryRun: isDry, hadEffect }) => [isDry, hadEffect])).toEqual([
      [true, false],
      [true, false],
    ]);
  });
});

describe("request buckets", () => {
  it("StartInstances has 5 tokens and gains 2 a second, per account and region", async () => {
    const { clock, cloud, ec2 } = createFixture({ ec2: countingEc2().operations });
    const client = ec2();
    for (let call = 0; call < 5; call++) await client.send(start);
    expect(await refusalOf(client.send(start))).toMatchObject({
      code: "RequestLimitExceeded",
      status: 503,
    });
    await ec2(undefined, "us-east-1").send(start);
    await ec2(cloud.identities.addUser({ accountId: "444455556666", name: "eve" })).send(start);
    clock.elapse(499);
    expect((await refusalOf(client.send(start))).code).toBe("RequestLimitExceeded");
    clock.elapse(1);
    await expect(client.send(start)).resolves.toMatchObject({ StartingInstances: [] });
  });

  it("RunInstances also pays for each instance it asks for", async () => {
    const { ec2 } = createFixture({ ec2: countingEc2().operations });
    const run = (count: number): RunInstancesCommand =>
      new RunInstancesCommand({ MinCount: 1, MaxCount: count });
    await ec2().send(run(900));
    expect((await refusalOf(ec2().send(run(200)))).code).toBe("RequestLimitExceeded");
    await expect(ec2().send(run(100))).resolves.toMatchObject({ Instances: [] });
  });

  it("a describe that is neither filtered nor paged has half the tokens", async () => {
    const { ec2 } = createFixture({ ec2: countingEc2().operations });
    const client = ec2();
    const atLarge = new DescribeInstancesCommand({});
    for (let call = 0; call < 50; call++) await client.send(atLarge);
    expect((await refusalOf(client.send(atLarge))).code).toBe("RequestLimitExceeded");
    const paged = new DescribeInstancesCommand({ MaxResults: 100 });
    await expect(client.send(paged)).resolves.toMatchObject({ Reservations: [] });
  });

  it("a describe that names ids alone is neither, and one that also filters is not costly", async () => {
    const { ec2 } = createFixture({ ec2: countingEc2().operations });
    const client = ec2();
    const named = new DescribeInstancesCommand({ InstanceIds: [instanceId] });
    for (let call = 0; call < 50; call++) await client.send(named);
    expect((await refusalOf(client.send(named))).code).toBe("RequestLimitExceeded");
    const filtered = new DescribeInstancesCommand({
      InstanceIds: [instanceId],
      Filters: [{ Name: "instance-state-name", Values: ["running"] }],
    });
    await expect(client.send(filtered)).resolves.toMatchObject({ Reservations: [] });
  });

  it("can be switched off", async () => {
    const { ec2, cloud } = createFixture({ ec2: countingEc2().operations, throttle: false });
    for (let call = 0; call < 20; call++) await ec2().send(start);
    expect(cloud.journal.filter(({ errorCode }) => errorCode !== undefined)).toEqual([]);
  });
});

describe("requests that are wrong", () => {
  it.each([
    [
      "a missing parameter",
      { service: "ec2", operation: "StopInstances", input: {} },
      "MissingParameter",
      "InstanceIds",
    ],
    [
      "an unknown one",
      { service: "ec2", operation: "StopInstances", input: { InstanceIds: [], Colour: "red" } },
      "UnknownParameter",
      "Colour",
    ],
    [
      "a value of the wrong type",
      { service: "ec2", operation: "RunInstances", input: { MinCount: "one", MaxCount: 1 } },
      "InvalidParameterValue",
      "MinCount",
    ],
    [
      "an unknown one inside a list",
      { service: "ec2", operation: "DescribeInstances", input: { Filters: [{ Nam: "x" }] } },
      "UnknownParameter",
      "Filters.1.Nam",
    ],
    [
      "an unknown action",
      { service: "ec2", operation: "RunIntances", input: {} },
      "InvalidAction",
      "RunIntances",
    ],
    [
      "an action that isn't simulated",
      { service: "ec2", operation: "DescribeVpcs", input: {} },
      "InvalidAction",
      "DescribeVpcs",
    ],
    [
      "an unknown action of a JSON service",
      { service: "states", operation: "Explode", input: {} },
      "UnknownOperationException",
      "Explode",
    ],
    [
      "a missing parameter of a query service",
      { service: "sts", operation: "AssumeRole", input: { RoleArn: "x" } },
      "ValidationError",
      "RoleSessionName",
    ],
  ] as const)("%s is refused by name", async (...[, request, code, named]) => {
    const { cloud } = createFixture({ ec2: countingEc2().operations });
    const { accessKeyId } = cloud.identities.operator;
    const answer = cloud.call({ ...request, region: "eu-west-1", accessKeyId });
    await expect(answer).rejects.toMatchObject({ code, message: expect.stringContaining(named) });
  });

  it("an unsigned request is refused", async () => {
    const { cloud } = createFixture({ ec2: countingEc2().operations });
    const answer = cloud.call({
      service: "ec2",
      operation: "StopInstances",
      region: "eu-west-1",
      input: { InstanceIds: [instanceId] },
    });
    await expect(answer).rejects.toMatchObject({ code: "MissingAuthenticationToken", status: 403 });
  });
});

describe("fault hooks", () => {
  it("an error before the call reaches the client, and nothing has happened", async () => {
    const world = countingEc2();
    const { cloud, ec2 } = createFixture({ ec2: world.operations });
    const remove = cloud.faults.before(({ operation }) => {
      if (operation === "StopInstances") {
        throw new CloudError("InsufficientInstanceCapacity", "None left.", 500);
      }
    });
    expect(await refusalOf(ec2().send(stop))).toMatchObject({
      code: "InsufficientInstanceCapacity",
      status: 500,
    });
    expect(world.stopped).toBe(0);
    remove();
    await ec2().send(stop);
    expect(world.stopped).toBe(1);
  });

  it("a connection that breaks after the call leaves the effect and no answer", async () => {
    const world = countingEc2();
    const { cloud, ec2 } = createFixture({ ec2: world.operations });
    cloud.faults.after((_, output) => {
      expect(output).toMatchObject({ StoppingInstances: [{ InstanceId: instanceId }] });
      throw new Error("connection reset");
    });
    const error: unknown = await ec2()
      .send(stop)
      .catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: "ECONNRESET", message: "connection reset" });
    expect(world.stopped).toBe(1);
    expect(cloud.journal[0]).toMatchObject({ hadEffect: true, errorCode: "ECONNRESET" });
  });

  it("a hook may wait, and sees the call with its input", async () => {
    const { cloud, ec2 } = createFixture({ ec2: countingEc2().operations });
    const seen: unknown[] = [];
    cloud.faults.before(async ({ service, operation, input, caller }) => {
      await Promise.resolve();
      seen.push([service, operation, input, caller.accountId]);
    });
    await ec2().send(stop);
    expect(seen).toEqual([["ec2", "StopInstances", { InstanceIds: [instanceId] }, "111122223333"]]);
  });
});

describe("journal and time", () => {
  it("each call is written down with who, where, what and how it ended", async () => {
    const { cloud, ec2 } = createFixture({ ec2: countingEc2().operations });
    const { arn } = cloud.identities.addRole({
      accountId: "444455556666",
      name: "Customer",
      trustedPrincipals: [],
      allow: ["ec2:*"],
    });
    const session = cloud.identities.openSession({ roleArn: arn, sessionName: "eval-1" });
    const answer = await ec2(session).send(stop);
    await ec2(session).send(new DescribeInstancesCommand({}));
    expect(cloud.journal).toEqual([
      {
        at: startMs,
        service: "ec2",
        operation: "StopInstances",
        accountId: "444455556666",
        region: "eu-west-1",
        mutating: true,
        dryRun: false,
        input: { InstanceIds: [instanceId] },
        requestId: answer.$metadata.requestId,
        roleArn: arn,
        sessionName: "eval-1",
        hadEffect: true,
      },
      expect.objectContaining({ operation: "DescribeInstances", mutating: false }),
    ]);
  });

  it("calls take a seeded time, the same in each run", async () => {
    const run = async (): Promise<readonly number[]> => {
      const { cloud, ec2 } = createFixture({
        ec2: countingEc2().operations,
        latencyMs: [20, 80],
      });
      for (let call = 0; call < 5; call++) await ec2().send(stop);
      return cloud.journal.map(({ at }) => at);
    };
    const times = await run();
    expect(await run()).toEqual(times);
    const gaps = times.map((at, index) => at - (times[index - 1] ?? startMs));
    expect(gaps.every((gap) => gap >= 20 && gap <= 80)).toBe(true);
    expect(new Set(gaps).size).toBeGreaterThan(1);
  });

  it("a defect of a handler is not dressed up as AWS's answer", async () => {
    const { ec2 } = createFixture({
      ec2: {
        StopInstances: () => {
          throw new TypeError("a defect");
        },
      },
    });
    await expect(ec2().send(stop)).rejects.toThrow("a defect");
  });

  it("two modules may share a service, but not an operation", () => {
    const operations = { StopInstances: () => ({}) };
    const { cloud } = createFixture({ ec2: operations });
    const twice = (): void => {
      cloud.serve({ service: "ec2", operations });
    };
    expect(twice).toThrow("ec2:StopInstances is served twice");
  });
});
