import { request } from "node:http";
import { EC2Client, StopInstancesCommand } from "@aws-sdk/client-ec2";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { VirtualClock } from "../../../../local/cloud/clock.ts";
import {
  type AdvisorFeed,
  createAdvisorFeed,
} from "../../../../local/cloud/market/advisor-feed.ts";
import { type Cloud, createCloud } from "../../../../local/cloud/dispatch.ts";
import { createSts } from "../../../../local/cloud/sts/service.ts";
import { type CloudServer, serveCloud } from "../../../../local/wire/front/http.ts";

let cloud: Cloud;
let feed: AdvisorFeed;
let server: CloudServer;
let defects: unknown[];
let isDefective: boolean;

beforeEach(async () => {
  defects = [];
  isDefective = false;
  const stop = (): object => {
    if (isDefective) throw new TypeError("a defect");
    return { StoppingInstances: [] };
  };
  cloud = createCloud({
    clock: new VirtualClock(Date.UTC(2024, 0, 1)),
    seed: 1,
  });
  cloud.serve(createSts(cloud), { service: "ec2", operations: { StopInstances: stop } });
  feed = createAdvisorFeed({ advisor: () => ({ ranges: [{ index: 0 }] }) });
  server = await serveCloud(cloud, { feed, onDefect: (error) => defects.push(error) });
});

afterEach(async () => {
  await server.close();
});

const config = (): {
  region: string;
  endpoint: string;
  maxAttempts: number;
  credentials: Cloud["identities"]["operator"];
} => ({
  region: "eu-west-1",
  endpoint: server.url,
  maxAttempts: 1,
  credentials: cloud.identities.operator,
});

const stop = new StopInstancesCommand({ InstanceIds: ["i-1"] });

describe("the HTTP front", () => {
  it("answers the SDK's signed requests on a loopback address only", async () => {
    expect(server.url).toBe(`http://127.0.0.1:${String(server.port)}`);
    const sts = new STSClient(config());
    const { Account } = await sts.send(new GetCallerIdentityCommand({}));
    sts.destroy();
    expect(Account).toBe("111122223333");
  });

  it("breaks the connection when a fault says so, and the effect stays", async () => {
    cloud.faults.after(() => {
      throw new Error("gone");
    });
    const ec2 = new EC2Client(config());
    await expect(ec2.send(stop)).rejects.toThrow("socket hang up");
    ec2.destroy();
    expect(cloud.journal[0]).toMatchObject({ hadEffect: true });
    expect(defects).toEqual([]);
  });

  it("answers 500 for a defect of its own, and tells of it", async () => {
    isDefective = true;
    const ec2 = new EC2Client(config());
    await expect(ec2.send(stop)).rejects.toMatchObject({ name: "InternalError" });
    ec2.destroy();
    expect(defects).toEqual([expect.objectContaining({ message: "a defect" })]);
  });

  it("closes though a client keeps its connection", async () => {
    const ended = new Promise<void>((resolve, reject) => {
      const asked = request(`${server.url}${feed.path}`, { headers: { connection: "keep-alive" } });
      asked.on("error", reject);
      asked.on("response", (response) => {
        response.resume();
        response.socket.on("close", () => {
          resolve();
        });
        response.on("end", () => void server.close().catch(reject));
      });
      asked.end();
    });
    await expect(ended).resolves.toBeUndefined();
    await expect(fetch(server.url)).rejects.toThrow("fetch failed");
    server = await serveCloud(cloud);
  });

  it("refuses a port that is taken", async () => {
    await expect(serveCloud(cloud, { port: server.port })).rejects.toMatchObject({
      code: "EADDRINUSE",
    });
  });

  it("refuses a body far beyond any of AWS's", async () => {
    const body = "x".repeat(9 * 1024 * 1024);
    const answer = await fetch(server.url, { method: "POST", body });
    expect(answer.status).toBe(413);
  });
});

describe("the Spot Advisor's feed", () => {
  it("is the same over HTTP and in process", async () => {
    const overHttp = await (await fetch(server.url + feed.path)).json();
    const inProcess = await (await feed.fetch(`https://feed.example${feed.path}`)).json();
    expect(overHttp).toEqual({ ranges: [{ index: 0 }] });
    expect(inProcess).toEqual(overHttp);
    expect((await feed.fetch("https://feed.example/other.json")).status).toBe(404);
  });

  it.each([
    ["a status", { kind: "STATUS", status: 503 }, 503, "<Error>"],
    ["something else", { kind: "BODY", body: "<html>" }, 200, "<html>"],
  ] as const)("can have a bad day: %s", async (...[, answer, status, text]) => {
    feed.setAnswer(answer);
    const response = await fetch(server.url + feed.path);
    expect(response.status).toBe(status);
    expect(await response.text()).toContain(text);
    const inProcess = await feed.fetch(`https://feed.example${feed.path}`);
    expect(inProcess.status).toBe(status);
  });

  it("can be out of reach", async () => {
    feed.setAnswer({ kind: "UNREACHABLE" });
    await expect(fetch(server.url + feed.path)).rejects.toThrow("fetch failed");
    await expect(feed.fetch(`https://feed.example${feed.path}`)).rejects.toThrow(
      "can't be reached",
    );
  });
});
