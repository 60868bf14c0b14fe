import { expect, it } from "@jest/globals";
import type { Account } from "../../../core/model/account.ts";
import { accountIdSchema } from "../../../core/model/ids.ts";
import {
  createAccount,
  deleteAccount,
  getAccount,
  listAccounts,
  updateAccount,
} from "../../../adapters/store/accounts.ts";
import { accountKey } from "../../../adapters/store/keys.ts";
import { describeForEachTable, readAllPages } from "./backends.ts";
import { account, accountId, at } from "./examples.ts";

const numbered = (n: number): Account =>
  account({ accountId: accountIdSchema.parse(String(100_000_000_000 + n)), createdAt: at(-n) });

describeForEachTable("accounts", (table) => {
  it("are read back as created, ExternalId included", async () => {
    expect(await createAccount(table(), account())).toEqual({ kind: "WRITTEN" });
    expect(await getAccount(table(), accountId)).toEqual(account());
    expect((await listAccounts(table(), { limit: 10 })).items).toEqual([account()]);
  });

  it("are created once", async () => {
    await createAccount(table(), account());
    const second = account({ externalId: "another-external-id" });
    expect(await createAccount(table(), second)).toEqual({ kind: "CONFLICT" });
    expect(await getAccount(table(), accountId)).toEqual(account());
  });

  it("lose no change under concurrent updates", async () => {
    await createAccount(table(), account({ regions: ["eu-central-1"] }));
    const add = (region: string): Promise<Account> =>
      updateAccount(table(), accountId, (old) => ({ ...old, regions: [...old.regions, region] }));
    await Promise.all([add("eu-west-1"), add("us-east-1"), add("us-west-2")]);
    const regions = (await getAccount(table(), accountId))?.regions;
    expect(regions?.toSorted()).toEqual(["eu-central-1", "eu-west-1", "us-east-1", "us-west-2"]);
  });

  it("can't be updated or deleted when absent", async () => {
    await expect(updateAccount(table(), accountId, (old) => old)).rejects.toMatchObject({
      name: "BrokenNotFound",
      resource: `account ${accountId}`,
    });
    expect(await deleteAccount(table(), accountId)).toEqual({ kind: "ABSENT" });
  });

  it("are gone from reads and lists when deleted", async () => {
    await createAccount(table(), account());
    expect(await deleteAccount(table(), accountId)).toEqual({ kind: "DELETED" });
    expect(await getAccount(table(), accountId)).toBeUndefined();
    expect((await listAccounts(table(), { limit: 10 })).items).toEqual([]);
  });

  it("are not brought back by a writer who read them before they were deleted and made anew", async () => {
    await createAccount(table(), account());
    const before = await table().get(accountKey(accountId));
    await deleteAccount(table(), accountId);
    const anew = account({ externalId: "fedcba9876543210fedc", createdAt: at(100) });
    await createAccount(table(), anew);
    if (before === undefined) throw new Error("The account was not stored.");
    const late = await table().put(
      { ...before, version: before.version + 1 },
      { ifVersion: before.version },
    );
    expect(late).toEqual({ kind: "CONFLICT" });
    expect(await getAccount(table(), accountId)).toEqual(anew);
  });

  it("are listed page by page, oldest first", async () => {
    for (const n of [1, 2, 3, 4, 5]) await createAccount(table(), numbered(n));
    const pages = await readAllPages((cursor) =>
      listAccounts(table(), { limit: 2, ...(cursor !== undefined && { cursor }) }),
    );
    expect(pages).toEqual([[numbered(5), numbered(4)], [numbered(3), numbered(2)], [numbered(1)]]);
  });

  it("are refused by name when what is stored does not parse, without showing the ExternalId", async () => {
    const data = { ...account(), status: "MAYBE", surprise: account().externalId };
    await table().put(
      { ...accountKey(accountId), version: 1, gsi1pk: "ACCOUNTS", gsi1sk: at(0), data },
      { ifAbsent: true },
    );
    for (const read of [
      () => getAccount(table(), accountId),
      () => listAccounts(table(), { limit: 5 }),
      () => updateAccount(table(), accountId, (old) => ({ ...old })),
    ]) {
      const error: unknown = await read().catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ name: "BrokenFacts", resource: `account ${accountId}` });
      expect(String(error)).toContain("status: invalid_value");
      expect(String(error)).not.toContain(account().externalId);
    }
    expect(await deleteAccount(table(), accountId)).toEqual({ kind: "DELETED" });
  });

  it("are never stored in a form that could not be read back", async () => {
    await createAccount(table(), account());
    await expect(
      updateAccount(table(), accountId, (old) => ({ ...old, regions: [] })),
    ).rejects.toMatchObject({ name: "BrokenInput", resource: `account ${accountId}` });
    expect(await getAccount(table(), accountId)).toEqual(account());
  });
});
