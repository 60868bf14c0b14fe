/** What is loaded from the disk once shifts nothing: the first account of a process is as the second. A file of its own, for another test would be first. */
import { expect, it } from "@jest/globals";
import { createGroupLab } from "../../../local/lab/group-lab.ts";

const journalOfOne = async (): Promise<readonly string[]> => {
  const lab = await createGroupLab({ size: 2, max: 4 });
  await lab.run();
  return lab.platform.cloud.journal.map(({ at, operation }) => `${String(at)} ${operation}`);
};

it("makes the same calls at the same instants", async () => {
  const first = await journalOfOne();
  expect(await journalOfOne()).toEqual(first);
});
