/** The API's documents by name, as its OpenAPI document describes them. Types alone: nothing of it is in the page. */
import type { components } from "../../local/cli/api/schema.ts";

export type Schemas = components["schemas"];
