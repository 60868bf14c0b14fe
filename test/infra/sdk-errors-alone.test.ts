import { describe, expect, it } from "@jest/globals";
import {
  composerThatCopies,
  makersOfErrors,
  protocolThatCopiesLater,
  registerErrorsLater,
  registryThatRegistersLater,
} from "../../infra/sdk-errors-alone.ts";

const classOf = (name: string, more = ""): string => `export class ${name} extends __BaseException {
    name = "${name}";
    $fault = "client";
${more}    constructor(opts) {
        super({
            name: "${name}",
            $fault: "client",
            ...opts,
        });
        Object.setPrototypeOf(this, ${name}.prototype);
    }
}
`;

const errors = [classOf("Shut"), classOf("Busy", "    $retryable = {};\n"), classOf("Lost")].join(
  "",
);

const schemas = `const n0_registry = new TypeRegistry(n0);
export var Shut$ = [-3, n0, "Shut", { ["error"]: "client" }, ["message"], [0]];
n0_registry.registerError(Shut$, Shut);
`;

/** What is read of errors is compared in tree-shaking.test.ts. */
describe("errors of a service", () => {
  it("are registered by a function", () => {
    const written = registerErrorsLater(schemas);
    expect(written).toMatch(
      /registerLater = function \(registry\) \{\s+registry\.registerError\(\[-3, n0, "Shut",[^\n]* Shut\(\)\);/,
    );
    expect(written).not.toContain("Shut$");
  });

  it("are made by functions, those of another form with their own class", () => {
    const written = makersOfErrors(errors, "errors.js");
    expect(written).toContain('function Shut() { return errorOf("Shut", "client"); }');
    expect(written).toContain("return class Busy extends __BaseException");
  });

  it("are refused in forms that are not known", () => {
    const other = schemas.replace("const n0_registry", "let n0_registry");
    expect(() => registerErrorsLater(other)).toThrow("otherwise");
    expect(() => makersOfErrors("export class Shut extends Base {}", "errors.js")).toThrow(
      "otherwise",
    );
    for (const change of [
      registryThatRegistersLater,
      protocolThatCopiesLater,
      composerThatCopies,
    ]) {
      expect(() => change("class TypeRegistry {}")).toThrow("otherwise by now");
    }
  });
});
