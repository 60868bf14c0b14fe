import { describeForEachTable } from "./backends.ts";
import { tableContract } from "./table-contract.ts";

describeForEachTable("table", tableContract);
