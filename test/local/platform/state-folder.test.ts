import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { openStateFolder } from "../../../local/platform/state-folder.ts";
import { temporaryFolder } from "./live-world.ts";

let folder: string;
let remove: () => void;
beforeEach(() => {
  ({ folder, remove } = temporaryFolder());
});
afterEach(() => {
  remove();
});

const open = () => openStateFolder({ folder, seed: 1, reset: false });

const items = Array.from({ length: 40 }, (_, index) => ({
  pk: "P",
  sk: String(index).padStart(2, "0"),
  version: 1,
  data: { index },
}));

describe("the state folder", () => {
  it("lets what was asked of the table be answered before it closes, and keeps it", async () => {
    const first = await open();
    const written = Promise.allSettled(
      items.map((item) => first.table.put(item, { ifAbsent: true })),
    );
    await first.close();
    expect(await written).toEqual(
      items.map(() => ({ status: "fulfilled", value: { kind: "WRITTEN" } })),
    );
    const second = await open();
    expect((await second.table.query({ partition: "P" })).items).toHaveLength(items.length);
    await second.close();
  });

  it("refuses what is asked from then on", async () => {
    const state = await open();
    await state.close();
    await expect(state.table.get({ pk: "P", sk: "00" })).rejects.toThrow();
  });
});
