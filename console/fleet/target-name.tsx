/** What a person calls a target, wherever its id alone is known. */
import type { JSX } from "preact";
import { shortId } from "../format.ts";
import { useReading } from "../ui/screen.tsx";
import { fleet } from "./store.ts";

/** Undefined: the fleet was not read yet, or no longer has it. */
export const useTargetName = (id: string): string | undefined =>
  useReading(fleet).value?.rows.get(id)?.name;

export const TargetLink = ({ id }: { readonly id: string }): JSX.Element => (
  <a class="link short" href={`/targets/${encodeURIComponent(id)}`} title={id}>
    {useTargetName(id) ?? shortId(id)}
  </a>
);
