/** What `@jest/globals` is to a test file: the functions that Jest made for it. */
import { globalsFor } from "./native-runtime.ts";
import { ownerOf } from "./shared-modules.ts";

const globals = globalsFor(ownerOf(import.meta.url));

export const { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest, test } =
  globals;
