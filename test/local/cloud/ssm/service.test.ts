import {
  DescribeDocumentCommand,
  DescribeInstanceInformationCommand,
  ListCommandInvocationsCommand,
  SendCommandCommand,
  SSMClient,
  type CommandInvocation,
} from "@aws-sdk/client-ssm";
import { beforeEach, describe, expect, it } from "@jest/globals";
import type { InstanceState } from "../../../../core/model/instance.ts";
import { createSsm, type Ssm } from "../../../../local/cloud/ssm/service.ts";
import { localClientConfig } from "../../../../local/wire/front/client-config.ts";
import { createFixture, refusalOf, startMs, type Fixture } from "../cloud-fixture.ts";

const accountId = "111122223333";
const region = "eu-west-1";
const instanceId = "i-1";
const secondMs = 1_000;

describe("the simulated Systems Manager", () => {
  let fixture: Fixture;
  let ssm: Ssm;
  let client: SSMClient;
  let states: Map<string, InstanceState>;
  const runs: string[] = [];

  beforeEach(() => {
    fixture = createFixture();
    states = new Map([
      [instanceId, "running"],
      ["i-stopped", "stopped"],
    ]);
    ssm = createSsm(fixture.cloud, {
      find: ({ instanceId: id }) => {
        const state = states.get(id);
        return state === undefined ? undefined : { state };
      },
    });
    fixture.cloud.serve(ssm);
    ssm.installAgents(accountId);
    runs.length = 0;
    ssm.addDocument({
      accountId,
      region,
      name: "check",
      executionTimeoutSeconds: 120,
      run: (id) => {
        runs.push(id);
        return { exitCode: runs.length === 1 ? 0 : 4, lastsMs: runs.length * 50 * secondMs };
      },
    });
    const { operator } = fixture.cloud.identities;
    client = new SSMClient(localClientConfig(fixture.cloud, { region, credentials: operator }));
  });

  const send = async (input: object = {}): Promise<string> => {
    const { Command } = await client.send(
      new SendCommandCommand({
        DocumentName: "check",
        InstanceIds: [instanceId],
        Comment: "ours",
        ...input,
      }),
    );
    return Command?.CommandId ?? "";
  };

  const shown = async (input: object): Promise<readonly CommandInvocation[]> =>
    (await client.send(new ListCommandInvocationsCommand({ ...input, Details: true })))
      .CommandInvocations ?? [];

  const passSeconds = (seconds: number): Promise<void> =>
    fixture.clock.run({ atMostMs: fixture.clock.now() + seconds * secondMs });

  const ping = async (id: string): Promise<string | undefined> => {
    const Filters = [{ Key: "InstanceIds", Values: [id] }];
    const answer = await client.send(new DescribeInstanceInformationCommand({ Filters }));
    return answer.InstanceInformationList?.[0]?.PingStatus;
  };

  it("runs a document once, shows it a moment later, and then how it ended", async () => {
    const commandId = await send();
    await passSeconds(10);
    expect(await shown({ CommandId: commandId })).toMatchObject([
      { Status: "InProgress", Comment: "ours", CommandPlugins: [{ ResponseCode: -1 }] },
    ]);
    await passSeconds(60);
    expect(await shown({ InstanceId: instanceId })).toMatchObject([
      { CommandId: commandId, Status: "Success", CommandPlugins: [{ ResponseCode: 0 }] },
    ]);
    expect(runs).toEqual([instanceId]);
  });

  it("ends a document that runs longer than it may", async () => {
    await send();
    await passSeconds(60);
    const second = await send();
    await passSeconds(120);
    expect(await shown({ CommandId: second })).toMatchObject([
      { Status: "Failed", CommandPlugins: [{ ResponseCode: 4 }] },
    ]);
    // 150 seconds of at most 120.
    const third = await send();
    await passSeconds(130);
    expect(await shown({ CommandId: third })).toMatchObject([
      { Status: "TimedOut", StatusDetails: "ExecutionTimedOut" },
    ]);
  });

  it("does not run what was not delivered in time", async () => {
    expect(await ping(instanceId)).toBe("Online");
    states.set(instanceId, "stopped");
    expect(await ping(instanceId)).toBe("ConnectionLost");
    const commandId = await send({ TimeoutSeconds: 30 });
    await passSeconds(20);
    expect(await shown({ CommandId: commandId })).toMatchObject([{ Status: "Pending" }]);
    await passSeconds(20);
    expect(await shown({ CommandId: commandId })).toMatchObject([
      { Status: "TimedOut", StatusDetails: "DeliveryTimedOut" },
    ]);
    states.set(instanceId, "running");
    await passSeconds(60);
    expect(runs).toEqual([]);
  });

  it("manages an instance some seconds after it runs, and one that it never saw not at all", async () => {
    expect(await ping("i-stopped")).toBeUndefined();
    states.set("i-new", "running");
    ssm.hear({
      version: "0",
      id: "event",
      "detail-type": "EC2 Instance State-change Notification",
      source: "aws.ec2",
      account: accountId,
      time: new Date(startMs).toISOString(),
      region,
      resources: [],
      detail: { "instance-id": "i-new", state: "running" },
    });
    expect(await ping("i-new")).toBeUndefined();
    await passSeconds(11);
    expect(await ping("i-new")).toBe("Online");
    ssm.setSilent("i-new", true);
    expect(await ping("i-new")).toBe("ConnectionLost");
  });

  it.each<readonly [string, object, string]>([
    ["a document that does not exist", { DocumentName: "other" }, "InvalidDocument"],
    ["an instance that it does not manage", { InstanceIds: ["i-stopped"] }, "InvalidInstanceId"],
    ["a time-out under 30 seconds", { TimeoutSeconds: 10 }, "ValidationException"],
    ["a comment that is too long", { Comment: "x".repeat(101) }, "ValidationException"],
  ])("refuses %s", async (_, input, code) => {
    expect(await refusalOf(send(input))).toMatchObject({ code });
  });

  it("refuses an id of a command that it has not given out, and a document without one", async () => {
    const CommandId = "00000000-0000-0000-0000-000000000000";
    expect(await refusalOf(shown({ CommandId }))).toMatchObject({ code: "InvalidCommandId" });
    const describe = client.send(new DescribeDocumentCommand({ Name: "other" }));
    expect(await refusalOf(describe)).toMatchObject({ code: "InvalidDocument" });
  });
});
