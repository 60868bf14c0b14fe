import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import {
  EC2Client,
  CreateTagsCommand,
  DescribeInstancesCommand,
  StopInstancesCommand,
} from "@aws-sdk/client-ec2";
import { VirtualClock } from "../../../local/cloud/clock.ts";
import { createCloud, type Cloud } from "../../../local/cloud/dispatch.ts";
import type { ServiceId } from "../../../local/schemas/services.ts";
import { localClientConfig } from "../../../local/wire/front/client-config.ts";
import {
  appendTo,
  beginWorld,
  readWorld,
  recordMarket,
  recordWorld,
} from "../../../local/platform/world-log.ts";
import { temporaryFolder } from "./live-world.ts";

const head = { seed: 1, interrupts: false, keySecret: "a1", beganMs: 1_772_442_000_000 };
const tag = { Key: "Team", Value: "shop" };
const change = {
  atMs: head.beganMs + 5,
  service: "ec2",
  operation: "CreateTags",
  region: "us-east-1",
  accountId: "444455556666",
  input: { Resources: ["i-1"] },
} as const;

let file: string;
let remove: () => void;
beforeEach(() => {
  const { folder, ...rest } = temporaryFolder();
  remove = () => {
    rest.remove();
  };
  file = join(folder, "kept", "world.jsonl");
});
afterEach(() => {
  remove();
});

describe("the log of a simulated world", () => {
  it("is not there at first, and begins with seed, speed and time", () => {
    expect(readWorld(file)).toBeUndefined();
    const begun = beginWorld(file, head);
    expect(begun).toEqual({ head: { format: 7, ...head }, changes: [] });
    expect(readWorld(file)).toEqual(begun);
  });

  it("holds the calls in their order", () => {
    beginWorld(file, head);
    const later = { ...change, atMs: change.atMs + 1, operation: "StopInstances" };
    appendFileSync(file, `${JSON.stringify(change)}\n${JSON.stringify(later)}\n`);
    expect(readWorld(file)?.changes).toEqual([change, later]);
  });

  it("cuts away a last line that a crash cut off, so that the next one is whole", () => {
    beginWorld(file, head);
    appendFileSync(file, `${JSON.stringify(change)}\n{"atMs":17724`);
    expect(readWorld(file)?.changes).toEqual([change]);
    appendFileSync(file, `${JSON.stringify(change)}\n`);
    expect(readWorld(file)?.changes).toEqual([change, change]);
  });

  it("begins anew when even its first line was cut off", () => {
    beginWorld(file, head);
    writeFileSync(file, '{"format":7,"se');
    expect(readWorld(file)).toBeUndefined();
    expect(readFileSync(file, "utf8")).toBe("");
  });

  it.each([
    { what: "its head", text: '{"format":7}\n', line: 1 },
    { what: "a line", text: `${JSON.stringify({ format: 7, ...head })}\nnonsense\n`, line: 2 },
  ])("names the line when $what is not readable, and the way out", ({ text, line }) => {
    beginWorld(file, head);
    writeFileSync(file, text);
    expect(() => readWorld(file)).toThrow(
      `${file}, line ${String(line)}, is not readable. Start anew with --reset.`,
    );
  });
});

describe("the file of another version", () => {
  it("is told, with the way out", () => {
    beginWorld(file, head);
    writeFileSync(file, `${JSON.stringify({ format: 1, ...head })}\n`);
    expect(() => readWorld(file)).toThrow(
      `${file} is of another version of this program. Start anew with --reset.`,
    );
  });
});

describe("recording a world", () => {
  let cloud: Cloud;
  let ec2: EC2Client;
  beforeEach(() => {
    const operations = {
      DescribeInstances: () => ({}),
      CreateTags: () => ({}),
      StopInstances: () => {
        throw new Error("it has no effect");
      },
    };
    cloud = createCloud({
      clock: new VirtualClock(head.beganMs),
      seed: 1,
    });
    cloud.serve({ service: "ec2", operations });
    ec2 = new EC2Client(
      localClientConfig(cloud, {
        region: "us-east-1",
        credentials: cloud.identities.operator,
      }),
    );
  });

  const operations = (): readonly string[] =>
    (readWorld(file)?.changes ?? []).map((change) =>
      "operation" in change ? change.operation : "market",
    );

  it("keeps what the market did by itself beside the calls", () => {
    beginWorld(file, head);
    const pool = { zoneId: "use1-az1", instanceType: "m5.large" };
    const turn = { closed: [pool], opened: [], taken: ["i-0123456789abcdef0"] };
    recordMarket(appendTo(file), turn, head.beganMs + 5);
    expect(readWorld(file)?.changes).toEqual([{ atMs: head.beganMs + 5, market: turn }]);
  });

  it("writes down what changed something, and nothing else", async () => {
    beginWorld(file, head);
    recordWorld(appendTo(file), cloud);
    await ec2.send(new DescribeInstancesCommand({}));
    await ec2.send(new CreateTagsCommand({ Resources: ["i-1"], Tags: [tag] }));
    await expect(ec2.send(new StopInstancesCommand({ InstanceIds: ["i-1"] }))).rejects.toThrow();
    await expect(
      ec2.send(new CreateTagsCommand({ DryRun: true, Resources: ["i-1"], Tags: [tag] })),
    ).rejects.toThrow();
    expect(operations()).toEqual(["CreateTags"]);
  });

  it("writes down what any service of a customer's account changed, and what is our own not", async () => {
    const region = "us-east-1";
    const { accessKeyId } = cloud.identities.operator;
    cloud.serve({ service: "resource-groups", operations: { CreateGroup: () => ({}) } });
    cloud.serve({ service: "states", operations: { StartExecution: () => ({}) } });
    beginWorld(file, head);
    recordWorld(appendTo(file), cloud);
    const call = (service: ServiceId, operation: string, input: object) =>
      cloud.call({ service, operation, region, accessKeyId, input });
    await call("states", "StartExecution", { stateMachineArn: "linear" });
    await call("resource-groups", "CreateGroup", { Name: "held" });
    expect(operations()).toEqual(["CreateGroup"]);
    expect(readWorld(file)?.changes).toMatchObject([{ service: "resource-groups" }]);
  });

  it("knows points in time again, which JSON has not", async () => {
    const input = {
      InstanceType: "m5.large",
      InstancePlatform: "Linux/UNIX",
      AvailabilityZone: "us-east-1a",
      InstanceCount: 1,
      EndDate: new Date(head.beganMs),
    };
    const operations = { CreateCapacityReservation: () => ({}) };
    cloud = createCloud({ clock: new VirtualClock(head.beganMs), seed: 1 });
    cloud.serve({ service: "ec2", operations });
    beginWorld(file, head);
    recordWorld(appendTo(file), cloud);
    const { accessKeyId } = cloud.identities.operator;
    await cloud.call({
      service: "ec2",
      operation: "CreateCapacityReservation",
      region: "us-east-1",
      accessKeyId,
      input,
    });
    expect(readWorld(file)?.changes).toMatchObject([{ input }]);
  });

  it("ends when it is told to", async () => {
    beginWorld(file, head);
    const end = recordWorld(appendTo(file), cloud);
    end();
    await ec2.send(new CreateTagsCommand({ Resources: ["i-1"], Tags: [tag] }));
    expect(operations()).toEqual([]);
  });
});
