/** One option of a command. */
export interface Option {
  /** What stands for the value in the usage text. Absent: a switch, which takes no value. */
  readonly value?: string;
  /** The only values allowed. Absent: any. */
  readonly choices?: readonly string[];
  /** The value is a whole number from 1. */
  readonly isNumber?: boolean;
  /** The value is a time such as `90s` or `10m`. */
  readonly isDuration?: boolean;
  /** May be given more than once. */
  readonly isList?: boolean;
  /** Name of an option that cannot be given together with this one. */
  readonly excludes?: string;
  readonly says: string;
  readonly example: string;
}

/** Every option of a command by its name without dashes, in the order of the usage text. */
export type Options = Readonly<Record<string, Option>>;

/** A command of this project and its options. */
export interface Command {
  /** What a user types before the options: `npm run rehearse --`. */
  readonly command: string;
  /** Begins the error about its arguments: `rehearse`. */
  readonly name: string;
  /** What it does, in a line. */
  readonly about: string;
  readonly options: Options;
}
