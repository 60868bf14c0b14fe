import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "@jest/globals";
import { schemasAsText } from "../../infra/sdk-schemas-as-text.ts";

const folder = mkdtempSync(join(tmpdir(), "spot-optimizer-schemas-"));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const source = `const _N = "Name";
const _O = "Open";
const n0 = "com.amazonaws.shop";
export var Open$ = [3, n0, _O, 0, [_N], [() => Names]];
export var Shut$ = [3, n0, "Shut", 0, [_N], [64 | 0]];
var Names = [1, n0, "Names", 0, [0, { [_N]: \`n\` }]];
export var OpenShop$ = [9, n0, "OpenShop", 0, () => Open$, () => __Unit];
`;

const path = "node_modules/@aws-sdk/client-shop/dist-es/schemas/schemas_0.js";

const fill = (bundle: string, read = source): string => {
  const file = join(folder, "handler.cjs");
  writeFileSync(file, bundle);
  const { rewrite, fill: fillAll } = schemasAsText();
  rewrite(read, path);
  fillAll({ [file]: { bytes: 0, inputs: {}, imports: [], exports: [] } });
  return readFileSync(file, "utf8");
};

describe("schemas as a text", () => {
  it("leave operations, which name what they take and give", () => {
    const { rewrite } = schemasAsText();
    const rewritten = rewrite(source, path);
    expect(rewritten).toContain(
      'var OpenShop$ = [9, n0, "OpenShop", 0, /* @__PURE__ */ schemaNamed("Open"), () => __Unit];',
    );
    expect(rewritten).not.toContain("Names");
  });

  it("stand in a bundle as far as it asks for them, each on a line of its own", () => {
    const text = '\'1,"Names",0,[0,{"Name":"n"}]\\n\\\n3,"Open",0,["Name"],["&Names"]\'';
    expect(fill('f(() => schemas_of_client_shop); a("Op\\\nen"); b("Other");')).toBe(
      `f(() => ${text}); a("Op\\\nen"); b("Other");`,
    );
  });

  it("refuse what they do not know", () => {
    const { rewrite } = schemasAsText();
    expect(() => rewrite(source.replace("const n0", "let n0"), path)).toThrow("otherwise");
    expect(() => rewrite(source.replace("64 | 0", "later()"), path)).toThrow("JSON");
    expect(() => rewrite(source.replace('"Shut"', '"Open"'), path)).toThrow("two schemas");
    expect(() => fill("schemas_of_client_other")).toThrow("schemas_of_client_other");
    const quoted = source.replace("\`n\`", `"it's"`);
    expect(() => fill('schemas_of_client_shop ("Open")', quoted)).toThrow("string");
  });
});
