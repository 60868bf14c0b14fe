/** What a restored table lacks is shown, set and read back; the restore is declared in it before any function reads it. */
import {
  TagResourceCommand,
  UpdateTableCommand,
  type DynamoDBClient,
} from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { listAudit } from "../../../adapters/store/audit.ts";
import { createDynamoTable } from "../../../adapters/store/dynamo-table.ts";
import { getKillSwitch } from "../../../adapters/store/kill-switch.ts";
import { readRestore, readRestoredTable } from "../../../adapters/store/restores.ts";
import { readTableSettings } from "../../../adapters/store/table-settings.ts";
import { restoreCommand } from "../../../local/operations/restore-command.ts";
import {
  createTables,
  startDynalite,
  type RunningDynalite,
} from "../../../local/platform/dynalite.ts";
import { localClient } from "../../adapters/store/backends.ts";
import { recordingTerminal } from "../terminal/recording-terminal.ts";
import { playControlPlane, type ControlPlane } from "./dynamo-control-plane.ts";

const by = "arn:aws:iam::111122223333:user/ops";
const now = new Date("2026-03-01T12:00:00.000Z");

let server: RunningDynalite;
let client: DynamoDBClient;
let plane: ControlPlane;
let from: string;
let restored: string;
let count = 0;

beforeAll(async () => {
  server = await startDynalite();
});
afterAll(() => server.close());

const table = () => createDynamoTable({ client, tableName: restored });

beforeEach(async () => {
  count += 1;
  from = `spot-optimizer-t${String(count)}`;
  restored = `restored-${String(count)}`;
  client = localClient(server.endpoint);
  for (const name of [from, restored]) await createTables(client, name);
  plane = playControlPlane(client, { restored, from });
  const { arn } = await readTableSettings({ client, tableName: from });
  await client.send(
    new TagResourceCommand({ ResourceArn: arn, Tags: [{ Key: "team", Value: "ops" }] }),
  );
  plane.changes.length = 0;
});

const run = async (...args: readonly string[]) => {
  const { terminal, said } = recordingTerminal();
  const waited: number[] = [];
  const command = restoreCommand(() => ({
    client,
    openTable: (tableName) => createDynamoTable({ client, tableName }),
    caller: () => Promise.resolve(by),
    now: () => now,
    randomId: () => "1".repeat(20),
    wait: (seconds) => {
      waited.push(seconds);
      return Promise.resolve();
    },
  }));
  const code = await command(["--table", restored, ...args], terminal);
  return { code, waited, ...said };
};

const apply = () => run("--reason", "INC-4711", "--apply");

describe("npm run restore, without --apply", () => {
  it("shows what a restore has not brought along, changes nothing, and ends with 1", async () => {
    const { code, stdout } = await run();
    expect(code).toBe(1);
    expect(stdout).toContain(`Table ${restored}, compared with the code and with table ${from}.`);
    for (const line of [
      /deletion protection +on +off +differs/,
      /point-in-time recovery +on +off +differs/,
      /encryption +KMS +AWS_OWNED +differs/,
      /tags +team=ops +none +differs/,
      /time to live +ttl +off +differs/,
      /billing mode +PAY_PER_REQUEST +PAY_PER_REQUEST\n/,
      /indexes +gsi1 \(gsi1pk, gsi1sk\) KEYS_ONLY, gsi2 [^\n]*KEYS_ONLY\n/,
    ]) {
      expect(stdout).toMatch(line);
    }
    expect(stdout).toContain(`npm run restore -- --table ${restored} --reason WHY --apply`);
    expect(plane.changes).toEqual([]);
    expect(await readRestore(table())).toBeUndefined();
  });

  it("ends with 0 where nothing is missing", async () => {
    await apply();
    plane.changes.length = 0;
    const { code, stdout } = await run();
    expect({ code, changes: plane.changes }).toEqual({ code: 0, changes: [] });
    expect(stdout).toContain("It has all its settings. Nothing was changed.");
  });
});

describe("npm run restore --apply", () => {
  it("protects the table first, lets its items expire last, and reads all back", async () => {
    const { code, stdout } = await apply();
    expect(code).toBe(0);
    expect(plane.changes).toEqual([
      "UpdateTable DeletionProtectionEnabled",
      "UpdateContinuousBackups",
      "UpdateTable SSESpecification",
      "TagResource",
      "UpdateTimeToLive",
    ]);
    expect(await readTableSettings({ client, tableName: restored })).toMatchObject({
      deletionProtection: true,
      pointInTimeRecovery: true,
      encryption: "KMS",
      tags: { team: "ops" },
      timeToLiveAttribute: "ttl",
      restoredFrom: from,
    });
    expect(stdout).toContain(`Next: STATE_TABLE=${restored} npm run deploy`);
    expect(await readRestoredTable(table())).toEqual({
      tableName: restored,
      at: now.toISOString(),
    });
  });

  it("throws the kill switch in the restored table before it changes anything else", async () => {
    client.middlewareStack.add(
      (next, { commandName = "" }) =>
        (args) =>
          commandName === "UpdateTableCommand"
            ? Promise.reject(
                Object.assign(new Error("Not allowed."), { name: "AccessDeniedException" }),
              )
            : next(args),
      { step: "initialize", priority: "high" },
    );
    const { code, stderr } = await apply();
    expect(code).toBe(1);
    expect(stderr).toContain("UpdateTable");
    expect(await getKillSwitch(table(), "global")).toMatchObject({
      engaged: true,
      by,
      reason: "The state table was restored: INC-4711",
    });
    expect(await readRestore(table())).toMatchObject({ by, reason: "INC-4711" });
    expect((await listAudit(table(), { limit: 5 })).items).toMatchObject([
      { actor: by, action: "DECLARE_RESTORE", resource: restored },
    ]);
    expect(await readRestoredTable(table())).toBeUndefined();
  });

  it("gives the stream that the table before has, and leaves one that only the restored table has", async () => {
    const StreamSpecification = { StreamEnabled: true, StreamViewType: "KEYS_ONLY" } as const;
    await client.send(new UpdateTableCommand({ TableName: from, StreamSpecification }));
    expect((await run()).stdout).toMatch(/stream +KEYS_ONLY +none +differs/);
    expect((await apply()).code).toBe(0);
    expect(plane.changes).toContain("UpdateTable StreamSpecification");
    expect((await run("--alone")).stdout).toMatch(/stream +none +none\n/);
  });

  it("ends with 1 and notes nothing where AWS does not show what it took", async () => {
    plane.unshown.add("UpdateTimeToLive");
    const { code, stdout, waited } = await apply();
    expect(code).toBe(1);
    expect(stdout).toMatch(/time to live +ttl +off +differs/);
    expect(stdout).toContain("the kill switch stays on");
    expect(waited.length).toBeGreaterThan(10);
    expect(await readRestoredTable(table())).toBeUndefined();
  });

  it("sets nothing again that is set, and declares one restore", async () => {
    await apply();
    const first = await readRestore(table());
    plane.changes.length = 0;
    expect((await apply()).code).toBe(0);
    expect(plane.changes).toEqual([]);
    expect(await readRestore(table())).toEqual(first);
  });
});

describe("npm run restore refuses", () => {
  it("a table that is still being restored, and changes nothing in it", async () => {
    plane.status = "CREATING";
    const { code, stderr } = await apply();
    expect({ code, changes: plane.changes }).toEqual({ code: 1, changes: [] });
    expect(stderr).toContain(`Table ${restored} is still being restored.`);
    expect(await readRestore(table())).toBeUndefined();
  });

  it("the table before itself, and one that is not there", async () => {
    expect(await run("--from", restored)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("can't be compared with itself"),
    });
    expect(await run("--from", "no-such-table")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("no-such-table"),
    });
  });

  it.each([
    { args: ["--apply"], sentence: "--apply and --reason need each other." },
    { args: ["--reason", "INC-1"], sentence: "--reason and --apply need each other." },
    { args: ["--alone", "--from", "other"], sentence: "contradict each other" },
    { args: ["--region", "Europe"], sentence: "must be a region" },
  ])("$args: $sentence", async ({ args, sentence }) => {
    const { code, stderr } = await run(...args);
    expect(code).toBe(2);
    expect(stderr).toContain(sentence);
  });
});
