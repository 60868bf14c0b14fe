import { expect, it } from "@jest/globals";
import { appendAudit, listAudit } from "../../../adapters/store/audit.ts";
import type { AuditEntry } from "../../../adapters/store/audit.ts";
import { describeForEachTable, readAllPages } from "./backends.ts";
import { at } from "./examples.ts";

const entry = (n: number, changes: Partial<AuditEntry> = {}): AuditEntry => ({
  at: at(n),
  actor: "arn:aws:iam::123456789012:user/ops",
  action: "UPDATE_TARGET",
  resource: `tgt-${String(n)}`,
  detail: { is_shadow_mode: false },
  ...changes,
});

describeForEachTable("audit", (table) => {
  it("lists what was appended, newest first, page by page", async () => {
    for (const n of [3, 1, 2, 5, 4]) await appendAudit(table(), entry(n));
    const pages = await readAllPages((cursor) =>
      listAudit(table(), { limit: 2, ...(cursor !== undefined && { cursor }) }),
    );
    expect(pages).toEqual([[entry(5), entry(4)], [entry(3), entry(2)], [entry(1)]]);
  });

  it("keeps different entries of one instant apart and a repeated one single", async () => {
    await appendAudit(table(), entry(1));
    await appendAudit(table(), entry(1, { action: "DELETE_TARGET" }));
    await appendAudit(table(), entry(1));
    expect((await listAudit(table(), { limit: 10 })).items).toHaveLength(2);
  });

  it("refuses a corrupted cursor", async () => {
    await expect(listAudit(table(), { limit: 1, cursor: "nonsense" })).rejects.toMatchObject({
      name: "BrokenInput",
      resource: "cursor",
    });
  });
});
