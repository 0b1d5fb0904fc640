/** Looks of The Harbor Post. */
export const HARBOR_STYLE = `
*{box-sizing:border-box}[hidden]{display:none!important}
body{margin:0;font:17px/1.65 Georgia,'DejaVu Serif',serif;color:#1d2430;background:#fff}
a{color:inherit;text-decoration:none}a:hover{color:#0b5fa5}
.wrap{max-width:1120px;margin:0 auto;padding:0 24px}
.smart-head{font-family:Helvetica,'DejaVu Sans',sans-serif}
.top{display:flex;justify-content:space-between;gap:24px;font-size:12px;line-height:32px;color:#5b6675;white-space:nowrap;overflow:hidden}
.trending{overflow:hidden;text-overflow:ellipsis}.trending b{color:#b3261e;margin-right:8px}.trending a{margin-right:18px}.spc-social a{margin-right:12px}
.mast{padding:26px 24px;text-align:center}.logo{font:700 44px/1.1 Georgia,'DejaVu Serif',serif;letter-spacing:-1px;display:block}
.motto{font-size:13px;color:#5b6675}
.navigation{border-top:1px solid #dfe3e8;border-bottom:3px solid #14304f}
.navigation ul{list-style:none;margin:0;padding:0}.navigation .menu{display:flex;flex-wrap:wrap;justify-content:center;gap:26px;font-size:14px;font-weight:600;line-height:44px}
.navigation li{position:relative}.sub-menu{display:none;position:absolute;background:#fff;border:1px solid #dfe3e8;padding:6px 16px!important;z-index:5;white-space:nowrap;line-height:34px}.navigation li:hover .sub-menu{display:block}
.main{padding-top:20px;padding-bottom:48px}.breadcrumbs{font:13px/1.5 Helvetica,'DejaVu Sans',sans-serif;color:#6d7785;margin-bottom:26px}
.post{max-width:760px;margin:0 auto}.cat-label{display:inline-block;font:700 11px/22px Helvetica,'DejaVu Sans',sans-serif;letter-spacing:.06em;text-transform:uppercase;background:#14304f;color:#fff;padding:0 9px}
h1.post-title{font-size:38px;line-height:1.18;letter-spacing:-.5px;margin:14px 0 10px}.sub-title{font-size:20px;line-height:1.45;color:#566171;margin:0 0 14px}
.post-meta{font:13px/1.6 Helvetica,'DejaVu Sans',sans-serif;color:#6d7785;margin-bottom:14px}.post-meta>*{margin-right:14px}.post-meta .author a{color:#1d2430;font-weight:700}
.post-share{font:12px/30px Helvetica,'DejaVu Sans',sans-serif;display:flex;flex-wrap:wrap;gap:6px;margin:14px 0 22px}.post-share .label{font-weight:700;margin-right:6px}.service{background:#eef1f4;padding:0 11px;border-radius:3px}
figure{margin:0 0 26px}figure img,.thumb img{width:100%;height:auto;display:block}figcaption{font:13px/1.5 Helvetica,'DejaVu Sans',sans-serif;color:#6d7785;padding-top:8px}.photo-credit{color:#98a1ad}
.post-content h2{font-size:24px;line-height:1.3;margin:34px 0 10px}blockquote{margin:26px 0;padding:2px 0 2px 22px;border-left:4px solid #b3261e;font-size:20px;font-style:italic}
.post-content a{color:#0b5fa5;text-decoration:underline}
.read-also{font:600 15px/1.45 Helvetica,'DejaVu Sans',sans-serif;background:#f4f6f8;border-left:4px solid #14304f;padding:12px 16px;margin:24px 0}.read-also span{color:#b3261e;margin-right:8px}
.inline-newsletter{font-family:Helvetica,'DejaVu Sans',sans-serif;font-size:15px;border:1px solid #dfe3e8;padding:16px 20px;margin:26px 0;background:#fbfaf6}.inline-newsletter h4,.inline-newsletter p{margin:0 0 8px}
input,textarea,button{font:14px Helvetica,'DejaVu Sans',sans-serif;padding:9px 12px;border:1px solid #cdd3da;margin:0 6px 8px 0}textarea{width:100%;height:110px}input[type=checkbox]{margin:0 6px 0 0}label{display:block;font-size:13px;margin-bottom:10px}button{background:#14304f;color:#fff;border-color:#14304f}
.post-tags a{font:12px/26px Helvetica,'DejaVu Sans',sans-serif;border:1px solid #dfe3e8;padding:3px 10px}
.author-box{border-top:3px double #dfe3e8;border-bottom:1px solid #dfe3e8;padding:18px 0;margin:26px 0;font-size:15px}.author-box ul{list-style:none;padding:0;margin:0;font-size:13px;color:#6d7785}.author-box p{margin:6px 0 0}
.grid{display:grid;grid-template-columns:repeat(3,1fr);gap:30px 26px}.related-posts .grid{gap:18px}.related-posts .l-post,.small-post{font-size:15px;line-height:1.35}.when,.meta{font:12px/1.6 Helvetica,'DejaVu Sans',sans-serif;color:#8a94a1}
.archive-title{font-size:30px;border-bottom:1px solid #dfe3e8;padding-bottom:10px}.grid h2.post-title{font-size:20px;line-height:1.28;margin:8px 0 2px}.excerpt{font-size:15px;line-height:1.5;color:#4a5462;margin:4px 0}.thumb{display:block;margin-bottom:10px}
.comments form{font-family:Helvetica,'DejaVu Sans',sans-serif}
.main-footer{background:#131c28;color:#c5cdd7;font:14px/1.5 Helvetica,'DejaVu Sans',sans-serif}.cols{display:grid;grid-template-columns:repeat(4,1fr);gap:34px;padding-top:40px;padding-bottom:24px}.widget-title{color:#fff;margin:0 0 14px}.main-footer .small-post{font-size:14px;margin-bottom:12px}
.lower{display:flex;flex-wrap:wrap;justify-content:space-between;border-top:1px solid #2b3747;font-size:12px;color:#8a94a1}.lower ul{display:flex;flex-wrap:wrap;gap:16px;list-style:none;padding:0}
@media(max-width:760px){.grid,.cols{grid-template-columns:1fr}.top,.motto{display:none}h1.post-title{font-size:29px}.logo{font-size:34px}}
`;
