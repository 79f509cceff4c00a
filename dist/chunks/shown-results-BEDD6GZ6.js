import{c5_shownResults as s}from"./checks.js";export{s as shownResults};
