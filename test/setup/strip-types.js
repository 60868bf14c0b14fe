// Jest transform: Node's own type stripping, so that tests run what `node file.ts` runs.
import { createHash } from "node:crypto";
import { stripTypeScriptTypes } from "node:module";

export default {
  process(source) {
    return { code: stripTypeScriptTypes(source, { mode: "strip" }) };
  },
  getCacheKey(source, path) {
    return createHash("sha256").update(process.version).update(path).update(source).digest("hex");
  },
};
