import { describe, expect, it } from "@jest/globals";
import { schemasOf } from "../../infra/spelled-schemas.ts";

const text = [
  '1,"Shops",0,"&Shop"',
  '3,"Shop",8,["name","branches","open"],[0,["&Shops",{"xmlName":"item"}],[1,"&","Hours",0,64]]',
].join("\n");

describe("schemas spelled out in a text", () => {
  it("are the SDK's arrays, with functions for those that they refer to", () => {
    const [kind, namespace, name, traits, members, parts] = schemasOf(() => text, "ns")("Shop")();
    expect([kind, namespace, name, traits]).toEqual([3, "ns", "Shop", 8]);
    expect(members).toEqual(["name", "branches", "open"]);
    expect(parts).toEqual([
      0,
      [expect.any(Function), { xmlName: "item" }],
      [1, "ns", "Hours", 0, 64],
    ]);
  });

  it("are each made once, since the SDK keeps in them what it has derived", () => {
    const schema = schemasOf(() => text, "ns");
    const shop = schema("Shop")();
    expect(schema("Shop")).toBe(schema("Shop"));
    const [, , , , element] = schema("Shops")();
    expect(element).toBe(schema("Shop"));
    expect(schema("Shop")()).toBe(shop);
  });

  it("are read when the first is asked for, not when it is named", () => {
    let count = 0;
    const schema = schemasOf(() => {
      count += 1;
      return text;
    }, "ns");
    const [shop, shops] = [schema("Shop"), schema("Shops")];
    expect(count).toBe(0);
    shop();
    shops();
    expect(count).toBe(1);
  });

  it("say which is missing", () => {
    const ask = schemasOf(() => text, "ns")("Other");
    expect(ask).toThrow("ns has no schema Other in this bundle.");
  });
});
