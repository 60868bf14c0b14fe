/** A dry run says what a request would do, refuses what it would be refused, and leaves everything as it is. */
import { DescribeInstancesCommand, ModifyInstanceAttributeCommand } from "@aws-sdk/client-ec2";
import { InvokeCommand } from "@aws-sdk/client-lambda";
import { StartExecutionCommand } from "@aws-sdk/client-sfn";
import { AssumeRoleCommand } from "@aws-sdk/client-sts";
import { beforeEach, describe, expect, it } from "@jest/globals";
import { getAccount } from "../../../adapters/store/accounts.ts";
import { accountIdSchema } from "../../../core/model/ids.ts";
import { rehearse } from "../../../lambdas/api/rehearsal.ts";
import { createMemoryTable, type MemoryTable } from "../../../local/platform/memory-table.ts";
import {
  apiUnderTest,
  labAccount,
  webTarget,
  withTarget,
  type ApiUnderTest,
} from "./api-under-test.ts";
import { routeRequests } from "./every-route.ts";

interface DryRun {
  readonly is_complete: boolean;
  readonly status?: number;
  readonly answer?: unknown;
  readonly subject?: string;
  readonly changes: readonly { path: string; before?: unknown; after?: unknown }[];
  readonly actions: readonly unknown[];
  readonly calls: readonly { operation: string }[];
}

const reason = "Incident 4711";
const account = `/accounts/${labAccount.account_id}`;
const target = `/lab/instances/${webTarget.instance_id}`;

describe("POST /dry-run", () => {
  let api: ApiUnderTest;
  let table: MemoryTable;

  beforeEach(async () => {
    table = createMemoryTable();
    api = apiUnderTest({ table });
    const refusal = Object.assign(new Error("Access denied"), { name: "AccessDenied" });
    api.sts.on(AssumeRoleCommand).rejects(refusal);
    await withTarget(api);
  });

  const tryOut = async (method: string, path: string, body?: unknown) => {
    const before = table.items();
    const answer = await api.send("POST", "/dry-run", { method, path, body });
    expect(table.items()).toEqual(before);
    return { status: answer.status, body: answer.body as DryRun };
  };

  it("tells what a change would show, what the audit would say, and the answer", async () => {
    const { status, body } = await tryOut("PATCH", target, { is_shadow_mode: false });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      is_complete: true,
      status: 200,
      answer: { is_shadow_mode: false },
      subject: target,
      actions: [{ action: "UPDATE_TARGET" }],
      calls: [],
    });
    expect(body.changes).toContainEqual({ path: "is_shadow_mode", before: true, after: false });
    expect((await api.send("GET", target)).body).toMatchObject({ is_shadow_mode: true });
  });

  it("tells of what would be taken away, and of a call that no GET shows by itself", async () => {
    const forgotten = await tryOut("DELETE", `${target}?deletion_flags=leave`);
    expect(forgotten.body).toMatchObject({ status: 204, changes: [{ path: "" }] });
    expect(forgotten.body).not.toHaveProperty("answer");
    expect(forgotten.body.changes[0]).not.toHaveProperty("after");
    const stopped = await tryOut("PUT", "/kill-switch", { engaged: true, reason });
    expect(stopped.body).toMatchObject({ answer: { engaged: true }, changes: [] });
    expect(stopped.body).not.toHaveProperty("subject");
  });

  it("ends before a call that would change something outside, and names it", async () => {
    const { body } = await tryOut("POST", `${target}/evaluate`, {});
    expect(body).toMatchObject({ is_complete: false, calls: [{ operation: "StartExecution" }] });
    expect(body).not.toHaveProperty("status");
    expect(api.sfn.commandCalls(StartExecutionCommand)).toEqual([]);
    expect(api.lambda.commandCalls(InvokeCommand)).toEqual([]);
    expect(api.ec2.commandCalls(ModifyInstanceAttributeCommand)).toEqual([]);
  });

  it.each([
    [
      "of an unknown thing",
      "PUT",
      "/lab/instances/i-0123456789abcdef0/model",
      { model_version: null },
    ],
    ["of a body that is not valid", "PUT", "/kill-switch", { engaged: true }],
    [
      "of what the state does not allow",
      "POST",
      "/preflight",
      { account_id: labAccount.account_id },
    ],
    ["of an unknown call", "POST", "/nothing", {}],
    ["of a method that a call does not take", "PUT", account, {}],
  ])("refuses as the request itself is refused: %s", async (_of, method, path, body) => {
    const tried = await tryOut(method, path, body);
    const refused = await api.send(method, path, body);
    expect(tried.status).toBe(refused.status);
    const { instance: _one, ...told } = tried.body as object as Record<string, unknown>;
    const { instance: _other, ...said } = refused.body as Record<string, unknown>;
    expect(told).toEqual(said);
  });

  it("takes neither a reading nor a dry run of a dry run", async () => {
    for (const asked of [
      { method: "GET", path: "/health" },
      { method: "POST", path: "/dry-run", body: {} },
      { method: "POST", path: "/dry-run?x=y" },
      { method: "PUT", path: "kill-switch" },
    ]) {
      expect((await api.send("POST", "/dry-run", asked)).status).toBe(422);
    }
  });

  it("asks as its caller: who may not approve is told so", async () => {
    const asked = { method: "PUT", path: "/kill-switch", body: { engaged: true, reason } };
    const named = { "spot-optimizer-identity": "ann" };
    const { body } = await api.send("POST", "/dry-run", asked, named);
    expect(body).toMatchObject({ answer: { changed_by: expect.stringContaining("ann") } });
  });

  it("passes readings of every client on, and no other call", async () => {
    const { context, omitted } = rehearse(api.context);
    const account = await getAccount(table, accountIdSchema.parse(labAccount.account_id));
    if (account === undefined) throw new Error("There is no account.");
    const members = {
      ...context,
      ...(await context.customer(account, "eu-central-1", "rehearsal")),
    };
    const clients = Object.entries(members).flatMap(([name, member]: [string, unknown]) =>
      typeof member === "object" && member !== null && "send" in member
        ? [{ name, client: member as { send: (command: unknown) => Promise<unknown> } }]
        : [],
    );
    expect(clients.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["sts", "sfn", "lambda", "ec2", "eks", "autoScaling", "kms"]),
    );
    for (const { client } of clients) {
      const harm = { input: {}, schema: [9, "any", "DeleteEverything"] };
      await expect(client.send(harm)).rejects.toThrow("DeleteEverything is not called");
      await expect(client.send({ input: {} })).rejects.toThrow("unknown operation is not called");
    }
    expect(omitted).toHaveLength(2 * clients.length);
    const shown = await members.ec2.send(new DescribeInstancesCommand({}));
    expect(shown.Reservations).toBeDefined();
  });

  const changing = Object.entries(routeRequests).filter(
    ([name, { method }]) => method !== "GET" && name !== "dryRun",
  );

  it.each(changing)(
    "leaves everything as it is: %s",
    async (_name, { method, path, body, status }) => {
      const tried = await tryOut(method, path, body);
      if (tried.status !== 200) {
        expect(tried.status).toBe(status);
        return;
      }
      if (tried.body.is_complete) expect(tried.body.status).toBe(status);
      expect(tried.body.is_complete).toBe(tried.body.calls.length === 0);
    },
  );
});
