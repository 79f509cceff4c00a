/** Loaded before a program, lets it see a later time: by as many milliseconds as LATER_MS says. Timers stay as they are. */
const later = Number(process.env.LATER_MS);
const Now = Date;

globalThis.Date = class Later extends Now {
  constructor(...parts) {
    if (parts.length === 0) super(Now.now() + later);
    else super(...parts);
  }

  static now() {
    return Now.now() + later;
  }
};
