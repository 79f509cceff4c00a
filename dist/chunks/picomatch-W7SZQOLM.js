import{c55_require_picomatch as r}from"./rest.js";var t=r();export{t as default};
