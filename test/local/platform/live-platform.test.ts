import { spawn, type ChildProcess } from "node:child_process";
import {
  appendFileSync,
  existsSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { AttachVolumeCommand, CreateTagsCommand, RunInstancesCommand } from "@aws-sdk/client-ec2";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import type { LivePlatform } from "../../../local/platform/live-platform.ts";
import {
  ec2Of,
  idsIn,
  kubeRequest,
  labAccount,
  send,
  speed,
  startIn,
  temporaryFolder,
  until,
  type Answer,
} from "./live-world.ts";

/** Of a case that hangs: what it waits for has less, and is named when it does not come. */
const patienceMs = 900_000;

/** Where nobody acts on the world while it goes on. */
const fast = 600;

const ownerOf = ({ cloudUrl, keys }: Pick<LivePlatform, "cloudUrl" | "keys">) => {
  const credentials = keys[labAccount];
  if (credentials === undefined) throw new Error("The account has no owner.");
  return ec2Of({ cloudUrl, credentials });
};

const evaluationOf = (apiUrl: string, id: string): Promise<Answer> =>
  send(apiUrl, { method: "GET", path: `/evaluations/${id}` });

const connect = (apiUrl: string): Promise<Answer> =>
  send(apiUrl, {
    method: "POST",
    path: "/accounts",
    body: {
      account_id: labAccount,
      name: "workshop",
      environment: "LAB",
      regions: ["us-east-1"],
    },
  });

const register = (
  apiUrl: string,
  instance: LivePlatform["fleet"]["instances"][number] | undefined,
): Promise<Answer> =>
  send(apiUrl, {
    method: "POST",
    path: "/lab/instances",
    body: {
      account_id: labAccount,
      instance_id: instance?.instanceId,
      instance_type: instance?.instanceType,
      availability_zone: instance?.zoneName,
      pipeline_mode: "LINEAR",
      is_shadow_mode: false,
      policy_overrides: { consistency: "move-volumes", accept_change_of: ["primary-private-ip"] },
    },
  });

const registerGroup = (
  apiUrl: string,
  { accountId, asgName, member }: LivePlatform["fleet"]["group"],
): Promise<Answer> =>
  send(apiUrl, {
    method: "POST",
    path: "/lab/instances",
    body: {
      account_id: accountId,
      instance_id: member.instanceId,
      instance_type: member.instanceType,
      availability_zone: member.zoneName,
      pipeline_mode: "CLUSTER",
      metadata: { asg_name: asgName },
    },
  });

let folder: string;
let remove: () => void;
let running: { close(): Promise<void> | void }[];
beforeEach(() => {
  ({ folder, remove } = temporaryFolder());
  running = [];
});
afterEach(async () => {
  for (const one of running.splice(0)) await one.close();
  remove();
}, patienceMs);

const start = async (
  ...options: Parameters<typeof startIn> extends [string, ...infer Rest] ? Rest : never
): Promise<LivePlatform> => {
  const live = await startIn(folder, ...options);
  running.push(live);
  return live;
};

const main = join(import.meta.dirname, "../../../local/main/start.ts");

/** Of Jest's own what a shell has, and where compiled code is kept: it starts in half the time. */
const { PATH, NODE_COMPILE_CACHE } = process.env;

/** As `npm start` does; on free ports unless told. */
const spawnMain = (args: readonly string[] = [], port = "0"): ChildProcess => {
  const child = spawn(
    process.execPath,
    [
      ...[main, "--folder", folder, "--port", port, "--cloud-port", "0", "--kube-port", "0"],
      // What is tried here is not to be taken back by the market.
      ...["--calm", ...args],
    ],
    { stdio: ["ignore", "pipe", "pipe"], env: { PATH, NODE_COMPILE_CACHE } },
  );
  running.push({ close: () => void child.kill("SIGKILL") });
  return child;
};

const outputOf = (child: ChildProcess): { readonly text: () => string } => {
  const chunks: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (chunk: string) => chunks.push(chunk));
  }
  return { text: () => chunks.join("") };
};

/** What the pattern's groups matched. */
const parts = (text: string, pattern: RegExp): readonly string[] => {
  const found = pattern.exec(text);
  if (found === null) throw new Error(`The greeting has no ${String(pattern)}: ${text}`);
  return found.slice(1);
};

/** All that a user needs stands in the greeting. */
const greetingOf = async (child: ChildProcess) => {
  const output = outputOf(child);
  const text = await until("greeting", () =>
    Promise.resolve(output.text().includes("Ctrl-C") ? output.text() : undefined),
  );
  const [apiUrl = ""] = parts(text, /control API\s+(\S+)\/api\/v1/);
  const [cloudUrl = ""] = parts(text, /simulated cloud\s+(\S+)/);
  const [accessKeyId = "", secretAccessKey = ""] = parts(
    text,
    new RegExp(`${labAccount}\\s+(AKIA\\S+) (\\S+)`),
  );
  const [instanceId = "", instanceType = "", zoneName = "", purpose = ""] = parts(
    text,
    new RegExp(`${labAccount}\\s+(i-\\S+)\\s+(\\S+)\\s+(\\S+)\\s+(.+)`),
  );
  return {
    apiUrl,
    cloudUrl,
    credentials: { accessKeyId, secretAccessKey },
    instance: { accountId: labAccount, instanceId, instanceType, zoneName, purpose },
  };
};

const ended = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => {
    child.once("exit", (code) => {
      resolve(code);
    });
  });

interface EvaluationItem {
  readonly evaluation_id: string;
  readonly outcome: { readonly reason: string; readonly sentence: string };
  readonly mode: string;
  readonly kind?: string;
  readonly status: string;
  readonly ended_at?: string;
}

/** Several targets, all evaluated for the first time at the same moment. */
const evaluateTogether = async ({ apiUrl, fleet }: LivePlatform) => {
  await connect(apiUrl);
  await send(apiUrl, { method: "POST", path: `/accounts/${labAccount}/verify` });
  const connected = fleet.instances.filter(({ accountId }) => accountId === labAccount);
  expect(connected.length).toBeGreaterThan(2);
  for (const one of connected) expect((await register(apiUrl, one)).status).toBe(201);
  expect((await registerGroup(apiUrl, fleet.group)).status).toBe(201);
  const members = [...connected, fleet.group.member];
  const answers = await Promise.all(
    members.map(({ instanceId }) =>
      send(apiUrl, { method: "POST", path: `/lab/instances/${instanceId}/evaluate` }),
    ),
  );
  return { members, answers };
};

describe("the live platform", () => {
  // Its minutes pass while the first case waits for its own.
  const world = temporaryFolder();
  let live: LivePlatform | undefined;
  let together: Awaited<ReturnType<typeof evaluateTogether>>;
  beforeAll(async () => {
    live = await startIn(world.folder);
    together = await evaluateTogether(live);
  }, patienceMs);
  afterAll(async () => {
    await live?.close();
    world.remove();
  }, patienceMs);

  it(
    "goes on where a process was ended by SIGTERM: same ids, same executions, to the end",
    async () => {
      const child = spawnMain(["--speed", String(speed)]);
      const { apiUrl, cloudUrl, credentials, instance } = await greetingOf(child);
      expect((await connect(apiUrl)).status).toBe(201);
      const verified = await send(apiUrl, {
        method: "POST",
        path: `/accounts/${labAccount}/verify`,
      });
      expect(verified.body).toMatchObject({ verified: true, status: "ACTIVE" });
      expect((await register(apiUrl, instance)).status).toBe(201);
      const started = await send(apiUrl, {
        method: "POST",
        path: `/lab/instances/${instance.instanceId}/evaluate`,
      });
      expect(started.status).toBe(202);
      const evaluationId = String(started.body["evaluation_id"]);
      await until("replacement", async () => {
        const { body } = await evaluationOf(apiUrl, evaluationId);
        return (body["swaps"] as readonly { readonly replacement?: object }[])[0]?.replacement;
      });
      const before = await idsIn(ec2Of({ cloudUrl, credentials: { ...credentials } }));
      const output = outputOf(child);
      child.kill("SIGTERM");
      expect(await ended(child)).toBe(0);
      expect(output.text()).toContain("Ended by SIGTERM. The next start goes on from here.");

      const live = await start({ speed: fast });
      expect(live.replayed).toBeGreaterThan(0);
      expect(live.keys[labAccount]).toMatchObject(credentials);
      expect(live.fleet.instances[0]).toMatchObject(instance);
      expect(await idsIn(ownerOf(live))).toEqual(expect.arrayContaining([...before]));
      const status = await until("end", async () => {
        const { body } = await evaluationOf(live.apiUrl, evaluationId);
        const isOpen = body["status"] === "PENDING" || body["status"] === "RUNNING";
        return isOpen ? undefined : body["status"];
      });
      expect(status).toBe("SWITCHED");
      const replay = await send(live.apiUrl, {
        method: "POST",
        path: `/evaluations/${evaluationId}/replay`,
        body: {},
      });
      expect(replay.body).toMatchObject({ identical: true });
    },
    patienceMs,
  );

  it(
    "starts the first evaluations of several targets at the same moment",
    async () => {
      const { members, answers } = together;
      expect(answers.map(({ status }) => status)).toEqual(members.map(() => 202));
      const ended = await until("end", async () => {
        const { body } = await send(live?.apiUrl ?? "", { method: "GET", path: "/evaluations" });
        const items = body["items"] as readonly EvaluationItem[];
        return items.every((item) => item.ended_at !== undefined) ? items : undefined;
      });
      expect(ended).toContainEqual(
        expect.objectContaining({ mode: "CLUSTER", status: "SHADOWED" }),
      );
    },
    patienceMs,
  );

  it(
    "recovers what a storm of the market takes of that, after a restart",
    async () => {
      await live?.close();
      const told: string[] = [];
      const log = {
        info: () => undefined,
        warn: (text: string) => told.push(text),
        error: () => undefined,
      };
      live = await startIn(world.folder, { storm: true, log, speed: fast });
      const { apiUrl } = live;
      const recovered = await until("recovery", async () => {
        const { body } = await send(apiUrl, { method: "GET", path: "/evaluations" });
        const items = body["items"] as readonly EvaluationItem[];
        return items.find(({ kind, ended_at: end }) => kind === "RECOVER" && end !== undefined);
      });
      expect(told).toContainEqual(expect.stringContaining("A storm: the market takes"));
      const { body } = await evaluationOf(apiUrl, recovered.evaluation_id);
      const { reason, sentence } = body["outcome"] as EvaluationItem["outcome"];
      expect(`${recovered.status} (${reason}): ${sentence}`).toMatch(/^(SWITCHED|FELL_BACK) /);
    },
    patienceMs,
  );

  it(
    "has the same world after a restart, refused calls and all",
    async () => {
      const first = await start();
      const owner = ownerOf(first);
      const [instance] = first.fleet.instances;
      if (instance === undefined) throw new Error("There is no fleet.");
      const launch = { MinCount: 1, MaxCount: 1, InstanceType: "m5.large" } as const;
      const refused = [
        owner.send(new RunInstancesCommand({ ...launch, ImageId: "ami-00000000000000000" })),
        owner.send(
          new AttachVolumeCommand({
            VolumeId: "vol-00000000000000000",
            InstanceId: instance.instanceId,
            Device: "/dev/sdz",
          }),
        ),
      ];
      for (const answer of refused) await expect(answer).rejects.toThrow();
      await owner.send(
        new CreateTagsCommand({
          Resources: [instance.instanceId],
          Tags: [{ Key: "Team", Value: "shop" }],
        }),
      );
      // EC2 shows an Elastic IP of the fleet a moment after it begins.
      await until("Elastic IP", async () =>
        (await idsIn(owner)).find((id) => id.startsWith("eip")),
      );
      const before = await idsIn(owner);
      await first.close();

      const second = await start();
      expect(second.replayed).toBe(1);
      expect(await idsIn(ownerOf(second))).toEqual(before);
    },
    patienceMs,
  );

  it(
    "ends with a sentence where the disk is full, and goes on from what was written",
    async () => {
      const file = join(folder, "world.jsonl");
      const child = spawnMain();
      const { cloudUrl, credentials, instance } = await greetingOf(child);
      const output = outputOf(child);
      const owner = ec2Of({ cloudUrl, credentials });
      const tag = (Key: string): Promise<unknown> =>
        owner.send(
          new CreateTagsCommand({ Resources: [instance.instanceId], Tags: [{ Key, Value: "x" }] }),
        );
      await tag("Written");
      const written = readFileSync(file, "utf8");
      rmSync(file);
      // Whatever is written there finds no room.
      symlinkSync("/dev/full", file);
      await expect(tag("Lost")).rejects.toThrow();
      expect(await ended(child)).toBe(1);
      expect(output.text()).toContain("can't be written: the disk is full. Make room");
      rmSync(file);
      writeFileSync(file, written);
      const live = await start();
      expect(live.replayed).toBe(1);
      await ownerOf(live).send(
        new CreateTagsCommand({
          Resources: [instance.instanceId],
          Tags: [{ Key: "On", Value: "x" }],
        }),
      );
    },
    patienceMs,
  );

  it(
    "rests while it does not run, and may then go on at another speed",
    async () => {
      const checkedAt = async ({ apiUrl }: LivePlatform): Promise<number> => {
        const { body } = await send(apiUrl, { method: "GET", path: "/health" });
        return Date.parse(String(body["checked_at"]));
      };
      const first = await start({ speed: 1000 });
      const beganMs = await checkedAt(first);
      const leftMs = await until("simulated minutes", async () => {
        const atMs = await checkedAt(first);
        return atMs - beganMs > 300_000 ? atMs : undefined;
      });
      await first.close();
      const second = await start({ speed: 1 });
      const goneOnMs = (await checkedAt(second)) - leftMs;
      expect(goneOnMs).toBeGreaterThanOrEqual(0);
      // Less than real time and speed would have made of what lies between.
      expect(goneOnMs).toBeLessThan(1_800_000);
    },
    patienceMs,
  );

  it(
    "knows the accounts that were connected, and their roles, after a restart",
    async () => {
      const first = await start();
      await connect(first.apiUrl);
      await first.close();
      const second = await start();
      const verified = await send(second.apiUrl, {
        method: "POST",
        path: `/accounts/${labAccount}/verify`,
      });
      expect(verified.body).toMatchObject({ verified: true });
    },
    patienceMs,
  );

  it(
    "has a cluster that kubectl finds, and what was done to it is there after a restart",
    async () => {
      const first = await start();
      const nodesOf = async ({ kubeconfigFile }: LivePlatform) => {
        const { body } = await kubeRequest(kubeconfigFile, { path: "/api/v1/nodes" });
        const { items } = JSON.parse(body) as {
          readonly items: readonly {
            readonly metadata: { readonly name: string };
            readonly spec: { readonly providerID: string; readonly unschedulable?: boolean };
          }[];
        };
        return items;
      };
      const [node] = await until("nodes", async () => {
        const nodes = await nodesOf(first);
        return nodes.length === 3 ? nodes : undefined;
      });
      expect(first.fleet.cluster.instanceIds).toContain(node?.spec.providerID.split("/").at(-1));
      const path = `/api/v1/nodes/${node?.metadata.name ?? ""}`;
      const patch = { spec: { unschedulable: true } };
      expect((await kubeRequest(first.kubeconfigFile, { path, patch })).status).toBe(200);
      await first.close();

      const second = await start();
      expect(second.replayed).toBe(1);
      const cordoned = (await nodesOf(second)).filter(({ spec }) => spec.unschedulable === true);
      expect(cordoned.map(({ metadata }) => metadata.name)).toEqual([node?.metadata.name]);
      expect(readFileSync(join(folder, "world.jsonl"), "utf8")).not.toContain("Bearer");
    },
    patienceMs,
  );

  it(
    "refuses a world of another seed, and says how to go on",
    async () => {
      await (await start()).close();
      await expect(start({ seed: 2 })).rejects.toThrow(
        `${folder} holds a world of --seed 1. Start with that, or with --reset.`,
      );
      await expect(start({ interrupts: true })).rejects.toThrow(
        "Start with --calm, or with --reset",
      );
    },
    patienceMs,
  );

  it(
    "forgets with --reset what is its own, and nothing else in the folder",
    async () => {
      const first = await start();
      await connect(first.apiUrl);
      await first.close();
      const other = join(folder, "thesis.txt");
      writeFileSync(other, "ten years of work");
      const second = await start({ seed: 2, reset: true });
      expect(second.replayed).toBe(0);
      const { body } = await send(second.apiUrl, { method: "GET", path: "/accounts" });
      expect(body["items"]).toEqual([]);
      expect(existsSync(other)).toBe(true);
    },
    patienceMs,
  );

  it(
    "tolerates a last line that a crash cut off, however often",
    async () => {
      const file = join(folder, "world.jsonl");
      for (const replayed of [0, 1, 2]) {
        const live = await start();
        expect(live.replayed).toBe(replayed);
        const [instance] = live.fleet.instances;
        await ownerOf(live).send(
          new CreateTagsCommand({
            Resources: [instance?.instanceId ?? ""],
            Tags: [{ Key: `Tag${String(replayed)}`, Value: "x" }],
          }),
        );
        await live.close();
        appendFileSync(file, '{"atMs":17');
      }
    },
    patienceMs,
  );

  it(
    "has its folder to itself",
    async () => {
      await start();
      await expect(start()).rejects.toThrow(
        `${folder} is in use by process ${String(process.pid)}.`,
      );
    },
    patienceMs,
  );
});

describe("a port that is in use", () => {
  const takePort = async (): Promise<number> => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    running.push({ close: () => void server.close() });
    const address = server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  };

  it(
    "is named with the option to change it, and nothing is left open",
    async () => {
      const port = await takePort();
      await expect(start({ port })).rejects.toThrow(
        `Port ${String(port)} of the control API is in use. End what listens there, or start with another --port (0 = a free one).`,
      );
      await expect(start({ cloudPort: port })).rejects.toThrow("another --cloud-port");
      expect(existsSync(join(folder, "lock"))).toBe(false);
      expect((await start()).replayed).toBe(0);
    },
    patienceMs,
  );

  it(
    "ends npm start with that sentence alone",
    async () => {
      const port = String(await takePort());
      const child = spawnMain([], port);
      const output = outputOf(child);
      expect(await ended(child)).toBe(1);
      expect(output.text().trim()).toMatch(/^Port \d+ of the control API is in use\.[^\n]*$/);
    },
    patienceMs,
  );
});

describe("npm start", () => {
  it(
    "refuses options that it does not know, or can't use, in one line",
    async () => {
      const children = [["--sped=1"], ["--speed", "0"]].map((args) => spawnMain(args));
      const outputs = children.map((child) => outputOf(child));
      expect(await Promise.all(children.map((child) => ended(child)))).toEqual([2, 2]);
      expect(outputs.map((output) => output.text())).toEqual([
        "Unknown option '--sped': npm start -- --help shows what there is.\n",
        '--speed: "0" is not a number from 1 to 1000.\n',
      ]);
    },
    patienceMs,
  );
});
