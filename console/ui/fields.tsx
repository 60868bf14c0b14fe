/** Fields of dialogs and forms. */
import type { JSX } from "preact";
import { narrow } from "../route.ts";

interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly set: (value: string) => void;
  readonly isRequired?: boolean;
  readonly pattern?: string;
}

export const Field = (props: FieldProps): JSX.Element => {
  const { label, value, set, isRequired = true, pattern } = props;
  return (
    <label class="field">
      {label}
      <input
        type="text"
        required={isRequired}
        autoComplete="off"
        maxLength={500}
        pattern={pattern}
        value={value}
        onInput={(event) => {
          set(event.currentTarget.value);
        }}
      />
    </label>
  );
};

interface DayFieldProps {
  readonly label: string;
  /** `2026-11-29` */
  readonly value: string;
  readonly min: string;
  readonly max: string;
  readonly set: (value: string) => void;
}

export const DayField = ({ label, value, min, max, set }: DayFieldProps): JSX.Element => (
  <label class="field">
    {label}
    <input
      type="date"
      required
      value={value}
      min={min}
      max={max}
      onInput={(event) => {
        set(event.currentTarget.value);
      }}
    />
  </label>
);

interface ChoiceProps {
  readonly label: string;
  /** Of the address. */
  readonly parameter: string;
  readonly value: string;
  /** By value. */
  readonly options: readonly (readonly [value: string, text: string])[];
}

/** Narrows a list, in the address. */
export const Choice = ({ label, parameter, value, options }: ChoiceProps): JSX.Element => (
  <label class="field inline">
    {label}
    <select
      value={value}
      onChange={(event) => {
        narrow({ [parameter]: event.currentTarget.value, cursor: undefined });
      }}
    >
      {options.map(([each, text]) => (
        <option key={each} value={each}>
          {text}
        </option>
      ))}
    </select>
  </label>
);
