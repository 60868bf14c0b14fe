import { describe, expect, it } from "@jest/globals";
import { differences } from "../../../local/restarts/picture.ts";

describe("two pictures of a world", () => {
  it("differ in what was read, and where", () => {
    const before = { atMs: 1, seen: { volumes: '["vol-1"]', pods: "[]" } };
    expect(differences(before, before)).toEqual([]);
    const after = { atMs: 1, seen: { volumes: '["vol-2"]', pods: "[]" } };
    expect(differences(before, after)).toEqual(['volumes: was …["vol-1"]…, is …["vol-2"]…']);
  });
});
